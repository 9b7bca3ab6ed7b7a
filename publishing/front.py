"""The front of the desk: takes what was approved. It holds no credentials and no sender, so the agent may have it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.decisions import Decision
from core.errors import Refused
from core.ids import new_id
from core.proposals import Proposal
from core.publications import Publication
from memory import Memory


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


class FrontDesk:
    """Puts approved proposals in the outbox."""

    def __init__(self, memory: Memory, clock: Callable[[], datetime] = utc_now) -> None:
        self._memory = memory
        self._clock = clock
        self.grace = timedelta(0)
        """How long an approval without a time waits in line, so that a slip of a key can still be taken back."""

    @property
    def memory(self) -> Memory:
        """Where the outbox is kept."""
        return self._memory

    def enqueue(self, proposal: Proposal, decision: Decision) -> Publication:
        """Put an approved proposal in the outbox; a second time gives back the row that is there.

        Due at the approved time, or at once, or when its embargo ends. A thread becomes one row a part; the first one
        is returned. Raises Refused where the decision doesn't release exactly this proposal.
        """
        if (decision.proposal_id, decision.verb, decision.stage) != (proposal.id, "approve", proposal.stages[-1]):
            raise Refused(f"Decision {decision.id} does not release proposal {proposal.id}; nothing was put in line.")
        first, *further = self._rows(proposal, decision)
        return self._memory.publications.enqueue(first, *further)

    def _rows(self, proposal: Proposal, decision: Decision) -> list[Publication]:
        now = self._clock()
        due = proposal.at or max(now + self.grace, proposal.not_before or now)
        zone = self._memory.workspaces.get(proposal.workspace).timezone
        parts = len(proposal.payload.get("parts") or (None,))
        root = new_id("pub")
        return [
            Publication(
                id=root if part == 1 else new_id("pub"),
                workspace=proposal.workspace,
                proposal_id=proposal.id,
                decision_id=decision.id,
                channel=proposal.channel,
                account=proposal.account,
                sha=decision.sha,
                part=part,
                parts=parts,
                root_id=None if part == 1 else root,
                due_at=due,
                wall_time=due.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M"),
                zone=zone,
                grace_minutes=proposal.grace_minutes if proposal.at else None,
                created_at=now,
                updated_at=now,
            )
            for part in range(1, parts + 1)
        ]
