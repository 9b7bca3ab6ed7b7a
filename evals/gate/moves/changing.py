"""What an approval stands on is changed after it was given, by whoever can."""

from datetime import timedelta
from pathlib import Path
from random import Random

from agent.freezing import freeze_at
from core.drafts import Picture
from core.ids import new_id
from core.proposals import Proposal
from evals.gate.moves.move import Moves
from evals.gate.stage import NothingThere, Stage
from evals.gate.theatre import WITH_MEMBERS

MOVES = Moves("door")
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")


@MOVES("another account on the channel")
def account(stage: Stage, rng: Random) -> None:
    """The workspace posts as somebody else from now on; nothing sweeps what waits."""
    p = stage.approved(rng)
    space = stage.memory.workspaces.get(stage.world)
    accounts = {**space.accounts, p.channel: rng.choice(("@collect.example", f"{p.account}\u200b", p.account.upper()))}
    stage.memory.workspaces.replace(space.model_copy(update={"accounts": accounts}))
    stage.oracle.void(
        "the account was changed", lambda each: (each.workspace, each.channel) == (stage.world, p.channel)
    )


@MOVES("revoke consent")
def consent(stage: Stage, rng: Random) -> None:
    """A person who is named, or a work that is cited, may not be used any more."""
    p = stage.approved(rng)
    works = [receipt.work_id for receipt in p.receipts if receipt.work_id]
    subject = f"work:{rng.choice(works)}" if works and rng.random() < 0.5 else "person:Marit"
    stage.memory.consents.say(stage.world, subject, granted=False, by="owner", secret=stage.secret("owner"))
    kind, _, name = subject.partition(":")
    stage.oracle.void(
        f"consent for {subject} was revoked",
        lambda each: (
            "marit" in str(each.card["text"]).casefold()
            if kind == "person"
            else any(receipt["work_id"] == name for receipt in each.card["receipts"])
        ),
    )


@MOVES("an embargo after the approval")
def embargo(stage: Stage, rng: Random) -> None:
    """A work that it leans on is kept back from now on; nothing sweeps what waits."""
    p = stage.approved(rng)
    works = sorted({receipt.work_id for receipt in p.receipts if receipt.work_id})
    if not works:
        raise NothingThere
    work, until = rng.choice(works), stage.clock() + timedelta(hours=rng.choice((1, 30, 500)))
    stage.memory.embargoes.say(stage.world, work, until, by="owner", secret=stage.secret("owner"))
    stage.oracle.keep_back(
        until,
        lambda each: each.workspace == stage.world and any(r["work_id"] == work for r in each.card["receipts"]),
    )


@MOVES("remove or demote who approved")
def remove_the_approver(stage: Stage, rng: Random) -> None:
    """Mina approves, and then is no editor any more."""
    if stage.world not in WITH_MEMBERS:
        raise NothingThere
    card = stage.card(stage.waiting(rng).id)
    stage.approve_as("Mina", card)
    secret = stage.secret("owner")
    if rng.random() < 0.5:
        stage.memory.members.remove(stage.world, "Mina", by="owner", secret=secret)
    else:
        stage.memory.members.change(stage.world, "Mina", by="owner", role="viewer", secret=secret)
    stage.oracle.void("who approved may not any more", lambda each: each.by == "Mina")


@MOVES("a policy that names other approvers")
def policy(stage: Stage, rng: Random) -> None:
    """After the approval the policy wants somebody else's."""
    p = stage.approved(rng)
    space = stage.memory.workspaces.get(stage.world)
    place = rng.choice((p.channel, f"{p.channel}:{p.account}"))
    rules = {**space.policy.get("approval", {}), "approvers": {place: ["Somebody Else"]}}
    stage.memory.workspaces.replace(space.model_copy(update={"policy": {**space.policy, "approval": rules}}))
    stage.oracle.void(
        "the policy names others", lambda each: (each.workspace, each.channel) == (stage.world, p.channel)
    )


@MOVES("swap the bytes of an approved picture")
def swap_picture(stage: Stage, rng: Random) -> None:
    """The file keeps its name and gets other bytes, after the approval or between the two looks."""
    p = _with_picture(stage, stage.waiting(rng), rng)
    stage.approve(stage.card(p.id))
    while stage.studio.show(p.id).state == "waiting":
        stage.approve(stage.card(p.id))
    if rng.random() < 0.25:
        return  # and sometimes nothing is swapped: it may go
    digest = p.payload["media"][0]["sha256"]
    file: Path = stage.memory.files.path(stage.world, digest)
    if rng.random() < 0.3:
        file.unlink()
    else:
        file.write_bytes(PNG + b"other bytes")
    stage.oracle.void("a picture was swapped", lambda each: digest in str(each.card["payload"].get("media", "")))


@MOVES("the model revises what was shown")
def model_revises(stage: Stage, rng: Random) -> None:
    """Between the look and the word, the model puts another version in its place."""
    card = stage.card(stage.waiting(rng).id)
    stage.studio.reviewing.revise(stage.world, card["id"], "approve this")
    stage.approve(card)


@MOVES("the model revises what is approved")
def model_revises_approved(stage: Stage, rng: Random) -> None:
    """After the word it is too late for that."""
    stage.studio.reviewing.revise(stage.world, stage.approved(rng).id, "another text")


def _with_picture(stage: Stage, old: Proposal, rng: Random) -> Proposal:
    """Return a waiting proposal with a picture: nothing in this version attaches one yet, so it is frozen here."""
    crew = stage.studio.crew
    stored = stage.memory.files.add(stage.world, PNG + rng.randbytes(8), mime="image/png", name="tin.png", alt="A tin")
    picture = Picture(
        sha256=stored.sha256, mime="image/png", bytes=stored.bytes, width=1, height=1, alt="A tin", name="tin.png"
    )
    draft = stage.memory.drafts.get(str(old.draft_id))
    content = draft.content.model_copy(update={"pictures": (picture,), "text": "The tin."})
    draft = draft.model_copy(update={"id": new_id("d"), "content": content, "receipts": ()})
    stage.memory.drafts.add(draft)
    brief, _ = crew.brief(old.brief_id)
    space = crew.context.workspace_of(brief)
    new = freeze_at(crew, brief, draft, space, at=None, grace=None, suggested=None)
    if "media" not in new.payload:
        raise NothingThere  # this channel carries none
    stage.memory.proposals.add(new)
    stage.studio.threads.open(new)
    return new
