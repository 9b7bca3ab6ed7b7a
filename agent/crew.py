"""Who the graphs work with."""

from collections.abc import Callable
from dataclasses import dataclass

from core.briefs import Brief, Plan
from core.errors import NotFound
from memory import Memory
from publishing import FrontDesk
from tools.context import Context


@dataclass(frozen=True)
class Crew:
    """The tools' context, the publishing desk, and the way back into a brief whose angles were approved."""

    context: Context
    desk: FrontDesk  # takes what was approved; it can't send and holds no credentials
    go_on: Callable[[str], None]  # takes a brief id

    @property
    def memory(self) -> Memory:
        """Everything that is remembered."""
        return self.context.memory

    def brief(self, brief_id: str) -> tuple[Brief, Plan]:
        """Return a brief and its latest plan (an empty one before recall), without works that may not be used."""
        brief, plan = self.memory.briefs.get(brief_id), self.memory.briefs.plan(brief_id) or Plan(brief_id=brief_id)
        withheld = self._withheld(brief) if plan.recalled else frozenset[str]()
        kept = tuple(work for work in plan.recalled if work.work_id not in withheld)
        return brief, plan.model_copy(update={"recalled": kept})

    def _withheld(self, brief: Brief) -> frozenset[str]:
        """Works whose consent was revoked; and private ones, where a hosted model may be asked for the brief."""
        revoked = self.memory.consents.revoked_works(brief.workspace)
        if not self.context.model.is_hosted:
            return revoked
        private = self.memory.privacy.works(brief.workspace)
        return revoked | private if private and not self.is_private(brief.id) else revoked

    def is_private(self, brief_id: str) -> bool:
        """Say whether a brief is private, by its word or by what it was made from."""
        brief = self.memory.briefs.get(brief_id)
        return brief.private or self.memory.privacy.is_private(brief.workspace, brief_id)

    def plan(self, brief_id: str) -> Plan:
        """Return the latest plan of a brief; NotFound before there is one."""
        plan = self.memory.briefs.plan(brief_id)
        if plan is None:
            raise NotFound(f"Brief {brief_id} has no plan yet.")
        return plan
