"""Budgets: what a call may cost is set aside before it is made, so that no two of them spend the same money."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from core.base import Instant, Noun
from core.budgets import UNDER_WAY, Budget, Errand, Scope, Standing, Unit, Wanted, in_words, month_start
from core.errors import BadInput, OverBudget
from core.ids import new_id
from memory.authority import refuse_role
from memory.clock import Clock
from memory.database import Database
from memory.ledger import Ledger
from memory.passphrases import proven
from memory.rows import noun
from memory.spending import reserved, spent
from memory.tables import brief_choices, reservations, workspaces
from memory.tables import budgets as table

CHOICES = (
    "Raise it for this brief once: greenroom brief --resume {brief} --raise {raise_by} · use a cheaper endpoint: "
    "greenroom brief --resume {brief} --endpoint NAME · go on with the rehearsal model: greenroom brief --resume "
    "{brief} --endpoint rehearsal · or stop here: nothing is lost."
)
NO_BRIEF = "Raise it with: greenroom budget set · or use a cheaper endpoint (greenroom models list). Nothing is lost."


class Choice(Noun):
    """How a brief goes on after it was stopped: more money, once, or another endpoint."""

    id: str
    workspace: str
    brief_id: str
    raised: float = 0.0
    unit: Unit = "money"
    endpoint: str = ""
    by: str
    at: Instant


class Budgets:
    """Limits, what is set aside, and what a person chose when a brief was stopped."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock, currency: str = "USD") -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock
        self.currency = currency

    def set(
        self,
        workspace: str,
        scope: Scope,
        amount: float | None,
        *,
        subject: str = "",
        unit: Unit = "money",
        by: str,
        secret: str | None = None,
    ) -> None:
        """Set a limit, or with None take it away: an owner's or editor's word, in the ledger. Raises NotAllowed."""
        if amount is not None and not 0 <= amount < 1e12:
            raise BadInput(f"{amount} is no amount.", "Give a number from 0 on, or `off`.")
        proof = proven(self._database, self._clock, workspace, by, secret)
        key = {"workspace": workspace, "scope": scope, "subject": subject, "unit": unit}
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, ("owner", "editor"), "set a budget")
            entry = self._ledger.append(conn, by, "budget", {**key, "amount": amount})
            conn.execute(delete(table).where(*(table.c[name] == value for name, value in key.items())))
            if amount is not None:
                conn.execute(insert(table).values(key | {"amount": amount, "by": by, "at": entry.at}))

    def choose(
        self, workspace: str, brief_id: str, *, raised: float = 0.0, unit: Unit = "money", endpoint: str = "", by: str,
        secret: str | None = None,
    ) -> None:  # fmt: skip
        """Keep how a stopped brief goes on; raising its limits is an owner's or editor's word. Raises NotAllowed."""
        if not 0 <= raised < 1e12:
            raise BadInput(f"{raised} is nothing a limit can be raised by.", "Give a number above 0.")
        proof = proven(self._database, self._clock, workspace, by, secret)
        told = {"workspace": workspace, "brief_id": brief_id, "raised": raised, "unit": unit, "endpoint": endpoint}
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, ("owner", "editor"), "choose how a brief goes on")
            entry = self._ledger.append(conn, by, "brief_choice", told)
            conn.execute(insert(brief_choices).values({"id": new_id("ch"), "by": by, "at": entry.at, **told}))

    def endpoint_for(self, brief_id: str | None) -> str:
        """Return the endpoint that a person chose for a brief last; empty where nobody did."""
        if brief_id is None:
            return ""
        mine = (brief_choices.c.brief_id == brief_id, brief_choices.c.endpoint != "")
        latest = select(brief_choices.c.endpoint).where(*mine).order_by(brief_choices.c.at.desc()).limit(1)
        with self._database.read() as conn:
            return conn.execute(latest).scalar_one_or_none() or ""

    def reserve(self, errand: Errand, wanted: Wanted, patience: timedelta) -> str | None:
        """Set aside what a call may come to, or raise OverBudget: then nothing is set aside and nothing was asked.

        One transaction, and one at a time in a workspace: of two processes that both want the last of a budget, one
        gets it. What is not settled within `patience` is free again: its process is taken for dead. Returns what
        `release` and the usage's record take back; None where there is no budget at all.
        """
        if not self._any(errand.workspace):
            return None
        with self._database.write() as conn:
            conn.execute(select(workspaces.c.id).where(workspaces.c.id == errand.workspace).with_for_update()).first()
            now = self._clock()
            conn.execute(delete(reservations).where(reservations.c.until <= now))
            for standing in _standings(conn, errand, now):
                if not standing.holds(wanted):
                    raise self._stop(errand, standing, wanted)
            row = {
                "id": new_id("res"), "workspace": errand.workspace, "brief_id": errand.brief_id,
                "member": errand.member, "endpoint": wanted.endpoint, "tokens": wanted.tokens,
                "cost": 0.0 if wanted.free else wanted.cost or 0.0, "at": now, "until": now + patience,
            }  # fmt: skip
            conn.execute(insert(reservations).values(row))
            return str(row["id"])

    def release(self, reservation: str | None) -> None:
        """Give back what was set aside for a call that came to nothing."""
        if reservation is not None:
            with self._database.write() as conn:
                conn.execute(delete(reservations).where(reservations.c.id == reservation))

    def standings(self, errand: Errand) -> tuple[Standing, ...]:
        """Return where each budget stands that such a call would be charged to."""
        with self._database.read() as conn:
            return tuple(_standings(conn, errand, self._clock()))

    def alerts(self, errand: Errand) -> list[str]:
        """Return a sentence on each budget of which four fifths are used."""
        return [
            f"{_named(s, errand).capitalize()} is used to {min(s.share, 9.99):.0%}: "
            f"{in_words(s.spent, s.unit, self.currency)} of {in_words(s.limit, s.unit, self.currency)}."
            for s in self.standings(errand)
            if s.alerts
        ]

    def list(self, workspace: str) -> list[Budget]:
        """Return a workspace's limits."""
        rows = select(table).where(table.c.workspace == workspace)
        with self._database.read() as conn:
            found = conn.execute(rows.order_by(table.c.scope, table.c.subject, table.c.unit)).all()
        return [noun(Budget, row) for row in found]

    def _any(self, workspace: str) -> bool:
        with self._database.read() as conn:
            return (
                conn.execute(select(table.c.scope).where(table.c.workspace == workspace).limit(1)).first() is not None
            )

    def _stop(self, errand: Errand, standing: Standing, wanted: Wanted) -> OverBudget:
        left = in_words(standing.left, standing.unit, self.currency)
        if standing.reserved:
            left = f"{left} left beside {in_words(standing.reserved, standing.unit, self.currency)} for calls under way"
        else:
            left = f"{left} left"
        cost = wanted.tokens if standing.unit == "tokens" else wanted.cost
        details = {"scope": standing.scope, "left": f"{standing.left:g}", "unit": standing.unit}
        if cost is None:
            named = f"The endpoint “{wanted.endpoint}” has no price, so {_named(standing, errand)} in "
            return OverBudget(
                f"{named}{self.currency} can't hold it. Nothing was asked or lost.",
                "Give it price_in and price_out (docs/models.md), set the budget in tokens, or use another endpoint.",
                **details,
            )
        asked = in_words(cost, standing.unit, self.currency)
        brief = errand.brief_id or ""
        more = max(cost - standing.left, 0.0) * 2  # room for this call and some more
        hint = CHOICES.format(brief=brief, raise_by=_rounded(more, standing.unit)) if brief else NO_BRIEF
        return OverBudget(
            f"Stopped before overspending: the next call ({errand.stage or 'a question'}) could cost up to {asked}, "
            f"and {_named(standing, errand)} has {left}. Nothing was asked or lost.",
            hint,
            **details,
            would_cost=f"{cost:g}",
            **({"brief_id": brief} if brief else {}),
            **({UNDER_WAY: f"{standing.reserved:g}"} if standing.could_hold(cost) else {}),
        )


def _standings(conn: Connection, errand: Errand, now: datetime) -> Iterable[Standing]:
    """Yield where each budget that a call is charged to stands, in this transaction."""
    rows = conn.execute(select(table).where(table.c.workspace == errand.workspace)).all()
    if not rows:
        return
    zone = conn.execute(select(workspaces.c.timezone).where(workspaces.c.id == errand.workspace)).scalar_one()
    month = month_start(now, zone)
    for budget in (noun(Budget, row) for row in rows):
        if budget.scope == "brief" and errand.brief_id is None:
            continue
        if budget.scope == "member" and budget.subject != errand.member:
            continue
        brief_id = errand.brief_id if budget.scope == "brief" else None
        member = budget.subject if budget.scope == "member" else None
        since = None if budget.scope == "brief" else month
        space, unit = errand.workspace, budget.unit
        yield Standing(
            scope=budget.scope,
            subject=budget.subject,
            unit=unit,
            limit=budget.amount + _raised(conn, budget, errand, month),
            spent=spent(conn, space, unit, brief_id=brief_id, since=since, member=member),
            reserved=reserved(conn, space, unit, brief_id, member),
        )


def _raised(conn: Connection, budget: Budget, errand: Errand, month: datetime) -> float:
    """What people added: to one brief's limit, and as much to the limits of the month in which they did."""
    if errand.brief_id is None and budget.scope == "brief":
        return 0.0
    total = select(func.coalesce(func.sum(brief_choices.c.raised), 0.0)).where(
        brief_choices.c.workspace == budget.workspace, brief_choices.c.unit == budget.unit
    )
    if budget.scope != "month":
        total = total.where(brief_choices.c.brief_id == errand.brief_id)
    if budget.scope != "brief":
        total = total.where(brief_choices.c.at >= month)
    return float(conn.execute(total).scalar_one())


def _named(standing: Standing, errand: Errand) -> str:
    if standing.scope == "brief":
        return f"the budget of brief {errand.brief_id}"
    return "this month's budget" if standing.scope == "month" else f"{standing.subject}'s budget of this month"


def _rounded(amount: float, unit: Unit) -> str:
    return f"{max(1000, round(amount, -3)):.0f}tokens" if unit == "tokens" else f"{max(0.01, amount):.2f}"
