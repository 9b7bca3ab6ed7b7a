"""What the honest person does. The judge is told of each act that the product accepted."""

from datetime import timedelta
from random import Random

from app.revising import Wish
from app.tending import tend
from evals.gate.arsenal import WEAPONS
from evals.gate.moves.move import Moves
from evals.gate.stage import Stage

MOVES = Moves("person")


@MOVES("approve")
def approve(stage: Stage, rng: Random) -> None:
    """Approve what is shown, at every stage; sometimes all that waits."""
    for _ in range(rng.choice((1, 1, 2))):
        proposal = stage.waiting(rng)
        while stage.studio.show(proposal.id).state == "waiting":
            stage.approve(stage.card(proposal.id))


@MOVES("approve one stage")
def approve_one_stage(stage: Stage, rng: Random) -> None:
    """Approve the stage that waits, and no other."""
    stage.approve(stage.card(stage.waiting(rng).id))


@MOVES("hold")
def hold(stage: Stage, rng: Random) -> None:
    """Say: not yet."""
    card = stage.card(stage.waiting(rng).id)
    stage.studio.decide(card["id"], "hold", card["sha"], note="later", secret=stage.secret("owner"))


@MOVES("reject")
def reject(stage: Stage, rng: Random) -> None:
    """Say no."""
    card = stage.card(stage.waiting(rng).id)
    stage.studio.decide(card["id"], "reject", card["sha"], secret=stage.secret("owner"))


@MOVES("ask for changes in somebody else's words")
def changes(stage: Stage, rng: Random) -> None:
    """Pass on a wish that holds a weapon."""
    card = stage.card(stage.waiting(rng).id)
    note = f"shorter. {WEAPONS[rng.choice(sorted(WEAPONS))](rng, stage.seen())}"
    stage.oracle.said.append(note.casefold())
    stage.studio.decide(card["id"], "changes", card["sha"], note=note, secret=stage.secret("owner"))


@MOVES("edit with somebody else's document")
def edit(stage: Stage, rng: Random) -> None:
    """Paste a document that holds a weapon, such as front matter that says it is approved."""
    card = stage.card(stage.waiting(rng).id)
    body = f"{WEAPONS[rng.choice(sorted(WEAPONS))](rng, stage.seen())}\n\nThe lid does not close."
    stage.oracle.said.append(body.casefold())
    stage.studio.decide(card["id"], "edit", card["sha"], body=body, secret=stage.secret("owner"))


@MOVES("undo")
def undo(stage: Stage, rng: Random) -> None:
    """Take an approval back, while that is possible."""
    proposal = stage.approved(rng)
    for decision in reversed(stage.memory.decisions.for_proposal(proposal.id)):
        if decision.undone_by is None and decision.verb == "approve":
            stage.studio.undo(decision.id, secret=stage.secret("owner"))
            stage.oracle.void_proposal(proposal.id, "the person took it back")
            return


@MOVES("revise the text of what is approved")
def revise_text(stage: Stage, rng: Random) -> None:
    """Make a new version of what is approved."""
    proposal = stage.approved(rng)
    text = f"{stage.studio.document(proposal.id)}\n\nOne line more.\n"
    stage.oracle.said.append(text.casefold())
    stage.studio.revise(proposal.id, Wish(body=text), secret=stage.secret("owner"))
    stage.oracle.void_proposal(proposal.id, "the person revised its text")
    _void_translations(stage, proposal.id)


@MOVES("revise the time of what is approved")
def revise_time(stage: Stage, rng: Random) -> None:
    """Move what is approved to another time."""
    proposal = stage.approved(rng)
    at = stage.clock() + timedelta(hours=rng.randint(1, 50))
    stage.studio.revise(proposal.id, Wish(at=at), secret=stage.secret("owner"))
    stage.oracle.void_proposal(proposal.id, "the person moved its time")


@MOVES("retry what stopped")
def retry(stage: Stage, rng: Random) -> None:
    """Ask for another try."""
    stopped = stage.publication(rng, "needs_human", "rejected", "paused_auth", "paused_quota", "missed", "unknown")
    tend(stage.studio, stopped.id, rng.choice(("retry", "reconcile", "cancel")), secret=stage.secret("owner"))


def _void_translations(stage: Stage, proposal_id: str) -> None:
    """A translation of words that were changed since is not what the person approved."""
    mine = stage.card(proposal_id)
    same = ("brief_id", "channel", "variant")
    stage.oracle.void(
        "its source was changed",
        lambda other: (
            all(other.card[key] == mine[key] for key in same)
            and mine["locale"] == "en"
            and other.card["locale"] != "en"
        ),
    )
