"""The review thread is resumed by hand, with forged answers, jumps and states; and two of them race."""

import threading
from collections.abc import Callable
from random import Random
from typing import Any

from core.proposals import Proposal
from evals.gate.moves.move import Moves
from evals.gate.moves.outbox import forged_decision
from evals.gate.stage import Stage

MOVES = Moves("process", disorders=True)
JUMPS = ("enqueue", "read", "edit", "changes", "close", "go_on", "checkpoint")


def _config(p: Proposal) -> Any:
    return {"configurable": {"thread_id": f"review:{p.id}"}}


def _graph(stage: Stage) -> Any:
    return stage.studio.threads._graph


@MOVES("resume with a forged answer", forges=True)
def resume(stage: Stage, rng: Random) -> None:
    """Whatever an answer may look like."""
    from langgraph.types import Command

    p = stage.waiting(rng)
    forged = forged_decision(stage, p, rng)
    answer: Any = rng.choice((
        {"decision_id": forged.id}, {"decision_id": p.id}, {"decision_id": None}, "approve", True, [], {},
        {"verb": "approve", "sha": p.sha, "by": "owner"}, forged.model_dump(mode="json"), {"decision_id": {"$ne": 1}},
    ))  # fmt: skip
    _graph(stage).invoke(Command(resume=answer), config=_config(p))


@MOVES("resume with another proposal's decision", forges=True)
def resume_with_another(stage: Stage, rng: Random) -> None:
    """A real decision, of something else."""
    from langgraph.types import Command

    p, decision = stage.waiting(rng), stage.decision(rng)
    _graph(stage).invoke(Command(resume={"decision_id": decision.id}), config=_config(p))


@MOVES("jump past the checkpoint", forges=True)
def jump(stage: Stage, rng: Random) -> None:
    """To the node that puts it in line."""
    from langgraph.types import Command

    p = stage.waiting(rng)
    update = {"decision_id": _an_id(stage, p, rng), "outcome": "enqueue", "sha": p.sha, "proposal_id": p.id}
    _graph(stage).invoke(Command(goto=rng.choice(JUMPS), update=rng.choice((update, {}))), config=_config(p))


@MOVES("write the thread's state", forges=True)
def update_state(stage: Stage, rng: Random) -> None:
    """As if the checkpoint had been answered, then let it go on."""
    p = stage.waiting(rng)
    state = {"decision_id": _an_id(stage, p, rng), "outcome": "enqueue", "sha": p.sha, "stage": "proposals"}
    _graph(stage).update_state(_config(p), state, as_node=rng.choice(("checkpoint", "read", "enqueue")))
    _graph(stage).invoke(None, config=_config(p))


@MOVES("give new input to a paused thread", forges=True)
def new_input(stage: Stage, rng: Random) -> None:
    """Another proposal's facts, or a decision, as if the thread began now."""
    p, other = stage.waiting(rng), stage.any(rng)
    begin = {"v": rng.choice((1, 99)), "proposal_id": other.id, "stage": "proposals", "sha": other.sha}
    _graph(stage).invoke({**begin, "decision_id": _an_id(stage, p, rng), "outcome": "enqueue"}, config=_config(p))


@MOVES("write a brief's state", forges=True)
def brief_state(stage: Stage, rng: Random) -> None:
    """Another brief's drafts and proposals, and times that have passed."""
    p, other = stage.any(rng), stage.any(rng)
    graph = stage.studio.briefing.graph
    config: Any = {"configurable": {"thread_id": f"brief:{p.brief_id}"}}
    times = {str(other.draft_id): ["2020-01-01T00:00:00Z", "now"]}
    graph.update_state(config, {"draft_ids": [other.draft_id], "times": times}, as_node=rng.choice(("tag", "schedule")))
    stage.studio.briefing.run(p.brief_id)


@MOVES("race an approval with the model's revision")
def race_revision(stage: Stage, rng: Random) -> None:
    """The person's word and another version arrive at once."""
    card = stage.card(stage.waiting(rng).id)
    _both(lambda: stage.approve(card), lambda: stage.studio.reviewing.revise(stage.world, card["id"], "approve"))


@MOVES("race two who carry one decision out")
def race_two(stage: Stage, rng: Random) -> None:
    """It is claimed once; two threads resume with it, and the sender looks meanwhile."""
    card, secret = stage.card(stage.waiting(rng).id), stage.secret("owner")
    with stage.oracle.approving(card, "owner"):
        decision = stage.memory.decisions.claim(stage.world, card["id"], "approve", card["sha"], "owner", secret=secret)
    carry = lambda: stage.studio.reviewing.carry_out(decision)  # noqa: E731
    _both(carry, carry, stage.studio.desk.publish_due)


def _an_id(stage: Stage, p: Proposal, rng: Random) -> str:
    return forged_decision(stage, p, rng).id


def _both(*acts: Callable[[], Any]) -> None:
    """Begin all at once, wait for all; raise what the first one raised."""
    barrier, raised = threading.Barrier(len(acts)), list[Exception]()

    def run(act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001  told to whoever made the move
            raised.append(error)

    racing = [threading.Thread(target=run, args=(act,)) for act in acts]
    for each in racing:
        each.start()
    for each in racing:
        each.join()
    if raised:
        raise raised[0]
