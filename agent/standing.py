"""How the drafts of a conversation stand, from the rows: a summary may forget or be wrong, these don't."""

from collections.abc import Iterator, Mapping, Sequence

from core.decisions import Decision
from core.errors import NotFound
from core.proposals import Proposal
from core.publications import Publication
from memory import Memory

MOST = 60
"""How many drafts are told of; the newest, where a conversation had more."""


def standing(memory: Memory, workspace: str, proposal_ids: Sequence[str]) -> list[str]:
    """Return a line for each draft that the ids name, all versions of one as one: its state, and what was decided."""
    latest: dict[str, list[Proposal]] = {}
    for proposal_id in proposal_ids:
        versions = list(_versions(memory, workspace, proposal_id))
        if versions:
            known = latest.setdefault(versions[-1].id, [])
            known += [each for each in versions if each.id not in {one.id for one in known}]
    sent = {each.proposal_id: each for each in memory.publications.list(workspace)} if latest else {}
    return [_line(memory, versions, sent) for versions in list(latest.values())[-MOST:]]


def _versions(memory: Memory, workspace: str, proposal_id: str) -> Iterator[Proposal]:
    """Yield a proposal and the versions after it; nothing where it was forgotten, or is another workspace's."""
    name: str | None = proposal_id
    while name:
        try:
            proposal = memory.proposals.get(workspace, name)
        except NotFound:
            return
        yield proposal
        name = proposal.superseded_by


def _line(memory: Memory, versions: list[Proposal], sent: Mapping[str, Publication]) -> str:
    now = versions[-1]
    earlier = f" (before: {', '.join(each.id for each in versions[:-1])})" if len(versions) > 1 else ""
    said = [_said(each) for one in versions for each in memory.decisions.for_proposal(one.id) if each.undone_by is None]
    told = f"{now.id}{earlier}, {now.channel}, {now.locale}: {now.state}."
    out = next((sent[one.id] for one in reversed(versions) if one.id in sent), None)
    return " ".join([told, *said, *([_out(out)] if out else [])])


def _said(decision: Decision) -> str:
    note = f" “{' '.join(decision.note.split())[:200]}”" if decision.note else ""
    return f"{decision.verb} by {decision.by}, {decision.at:%Y-%m-%d %H:%M} UTC{note}."


def _out(publication: Publication) -> str:
    return f"Publication: {publication.state}{f', {publication.url}' if publication.url else ''}."
