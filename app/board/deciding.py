"""A decision from the board: claimed at once, carried out behind the answer, and given back where that fails."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from app.accounts.who import Person, who_asks
from app.asking import Asking
from app.card_table import CardTable, Reply
from core.decisions import Decision
from core.errors import GreenroomError

if TYPE_CHECKING:
    from app.studio import Studio
    from app.watching import Watch

log = logging.getLogger("greenroom.board")

who_decides = who_asks
"""Who is deciding: the one place that every page of the board asks."""

LONGEST = 200_000
DONE = {
    "approve": "Approved",
    "edit": "Saved as a new version, which waits for you: an edit is no approval",
    "changes": "Asked for. The new version comes to this place",
    "reject": "Rejected",
    "hold": "Held",
}


class Asked(Asking):
    """A decision as a page asks for it. `sha`: the hash of what was shown there; another is refused."""

    id: str = Field(max_length=64)
    verb: Literal["approve", "edit", "changes", "reject", "hold"]
    sha: str = Field(max_length=64)
    note: str = Field(default="", max_length=4000)
    body: str | None = Field(default=None, max_length=LONGEST)


class TakenBack(Asking):
    """A decision that is to be taken back."""

    id: str = Field(max_length=64)
    decision: str = Field(max_length=64)


@dataclass
class Deciding:
    """Takes decisions. Those that only move something are carried out in their order; a model's work holds none up."""

    studio: "Studio"
    watch: "Watch"
    table: CardTable
    failed: dict[str, str] = field(default_factory=dict)  # proposal id -> why its decision could not be carried out
    _quick: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "decisions"))
    _long: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "new-versions"))

    def decide(self, asked: Asked, person: Person) -> dict[str, Any]:
        """Claim a decision and answer: `{done, said, decision}`. What follows from it is told by the watch."""
        try:
            who, proof = self.studio.speaker(person.by, person.secret)
            decision = self.studio.reviewing.claim(
                self.studio.workspace.id, asked.id, asked.verb, asked.sha,
                by=who, note=asked.note, body=asked.body, secret=proof,
            )  # fmt: skip
        except GreenroomError as error:
            return self._answer(self.table.refused(error, asked.id))
        self.failed.pop(asked.id, None)
        watched = self.watch.kept.get(asked.id)
        makes_something = asked.verb in ("edit", "changes") or (watched is not None and watched.row.channel == "angles")
        (self._long if makes_something else self._quick).submit(self._carry_out, decision)
        undo = decision.id if asked.verb in ("approve", "reject", "hold") else None
        return {"done": True, "said": f"{DONE[asked.verb]}.", "decision": undo}

    def undo(self, asked: TakenBack, person: Person) -> dict[str, Any]:
        """Take a decision back, if it still can be."""
        try:
            self.studio.undo(asked.decision, by=person.by, secret=person.secret)
        except GreenroomError as error:
            return self._answer(self.table.refused(error, asked.id))
        self.watch.look()
        return {"done": True, "said": "Taken back. It waits for you again.", "decision": None}

    def close(self) -> None:
        """Finish what was begun; what was not begun yet is found and carried out at the next start."""
        for workers in (self._quick, self._long):
            workers.shutdown(wait=True, cancel_futures=True)

    def _carry_out(self, decision: Decision) -> None:
        self._look()
        try:
            self.studio.reviewing.carry_out(decision)
        except GreenroomError as error:
            self._failed(decision, f"{error.message} {error.hint}".strip())
        except Exception:
            log.exception("decision %s could not be carried out", decision.id)
            self._failed(decision, "Something broke while this was carried out; the reason is in the log.")
        finally:
            self._look()

    def _failed(self, decision: Decision, why: str) -> None:
        """Keep why it waits again; if it doesn't, the worker was quicker and carried it out after all."""
        with suppress(GreenroomError):
            if self.studio.memory.decisions.get(decision.id).undone_by is not None:
                self.failed[decision.proposal_id] = why

    def _look(self) -> None:
        with suppress(GreenroomError):  # a busy database: the watch looks again by itself
            self.watch.look()

    def _answer(self, reply: Reply) -> dict[str, Any]:
        return {"done": False, "said": reply.said, "touched": reply.touched, "decision": None}
