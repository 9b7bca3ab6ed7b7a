"""What was asked for, and the plans that came of it."""

from sqlalchemy import insert, select

from core.briefs import Brief, Plan
from core.errors import NotFound
from memory.clock import Clock
from memory.database import Database
from memory.tables import briefs as table
from memory.tables import plans


class Briefs:
    """Briefs never change; a new plan stands beside the older ones, and the latest counts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, brief: Brief) -> None:
        """Keep a brief."""
        row = {
            "id": brief.id,
            "workspace": brief.workspace,
            "data": brief.model_dump(mode="json"),
            "created_at": brief.created_at,
        }
        with self._database.write() as conn:
            conn.execute(insert(table).values(row))

    def get(self, brief_id: str) -> Brief:
        """Return a brief. Raises NotFound."""
        with self._database.read() as conn:
            data = conn.execute(select(table.c.data).where(table.c.id == brief_id)).scalar_one_or_none()
        if data is None:
            raise NotFound(f"There is no brief {brief_id}.", "`greenroom pending` shows what waits.")
        return Brief.model_validate(data)

    def list(self, workspace: str) -> list[Brief]:
        """Return a workspace's briefs, newest first."""
        rows = select(table.c.data).where(table.c.workspace == workspace)
        with self._database.read() as conn:
            found = conn.execute(rows.order_by(table.c.created_at.desc(), table.c.id)).scalars().all()
        return [Brief.model_validate(data) for data in found]

    def record_plan(self, plan: Plan) -> None:
        """Keep a plan; it counts from now on."""
        row = {"brief_id": plan.brief_id, "data": plan.model_dump(mode="json"), "recorded_at": self._clock()}
        with self._database.write() as conn:
            conn.execute(insert(plans).values(row))

    def plan(self, brief_id: str) -> Plan | None:
        """Return a brief's latest plan, if there is one."""
        latest = select(plans.c.data).where(plans.c.brief_id == brief_id).order_by(plans.c.number.desc()).limit(1)
        with self._database.read() as conn:
            data = conn.execute(latest).scalar_one_or_none()
        return None if data is None else Plan.model_validate(data)
