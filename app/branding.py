"""Brand facts behind the doors: sheets in and out, and what a change means for what waits and what was approved."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import BadInput
from core.fact_sheets import Form, Line, read
from core.facts import BrandFact
from core.proposals import OPEN_STATES, Proposal
from memory.facts import new_since
from memory.grounds import brand_findings
from memory.voiding import Swept

if TYPE_CHECKING:
    from app.settings import Settings
    from memory import Memory

_SUFFIXES: dict[str, Form] = {".csv": "csv", ".json": "json"}


def sheet(name: str, text: str) -> list[Line]:
    """Return the facts of a sheet by its name's ending. BadInput names the line of the first that can't be used."""
    return read(text, form_of(name), Path(name).name)


def form_of(name: str) -> Form:
    """Return whether a file is CSV or JSON, by its ending. Raises BadInput."""
    form = _SUFFIXES.get(Path(name).suffix.lower())
    if form is None:
        raise BadInput(f"{name} is neither .csv nor .json.", "Columns: greenroom facts export facts.csv shows them.")
    return form


def swept(memory: "Memory", workspace: str, by: str) -> Swept:
    """Take back what was approved before a fact that it breaks was known; what only waits is told of it when shown."""
    return memory.voiding.sweep(workspace, memory.grounds.brand, by=by)


def refreshed(memory: "Memory", proposals: Sequence[Proposal], now: datetime) -> list[Proposal]:
    """Return proposals with what they break of the facts that are new since they were frozen, as findings.

    Their rows and hashes stay as they are: findings are told beside what is approved.
    """
    spaces = {proposal.workspace for proposal in proposals if proposal.state in OPEN_STATES}
    versions = {space: memory.facts.versions(space) for space in spaces}
    return [
        _refreshed(proposal, versions[proposal.workspace], now) if proposal.state in OPEN_STATES else proposal
        for proposal in proposals
    ]


def facts_here(settings: "Settings", memory: Callable[[], "Memory"]) -> tuple[BrandFact, ...]:
    """Return the facts that hold where there is a workspace, for a check that works without one."""
    if not settings.database_url and not (settings.home / "greenroom.db").exists():
        return ()
    name = settings.workspace or memory().workspaces.current()
    return memory().facts.current(memory().workspaces.get(name).id) if name else ()


def _refreshed(proposal: Proposal, versions: Sequence[BrandFact], now: datetime) -> Proposal:
    # facts are recorded in whole seconds: one of the very second it was frozen in counts as new, and is told once
    frozen = proposal.created_at.replace(microsecond=0) - timedelta(microseconds=1)
    facts = new_since(versions, frozen, now) if versions else ()
    known = {(each.rule, each.message) for each in proposal.findings}
    new = [each for each in brand_findings(facts, proposal) if (each.rule, each.message) not in known]
    return proposal.model_copy(update={"findings": (*proposal.findings, *new)}) if new else proposal


def as_lines(swept_: Swept) -> Iterable[str]:
    """Return what a change took back, a line each."""
    return (f"{each.proposal}: {each.reason}" for each in (*swept_.voided, *swept_.too_late))
