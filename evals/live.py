"""`greenroom eval live`: every decision is a label, read from this home and told here only."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time
from statistics import median
from typing import TYPE_CHECKING, Any

from core.base import Noun
from core.decisions import Decision
from core.errors import WrongUse
from core.proposals import Proposal
from evals.bench.edits.distance import distance
from evals.harness.statistics import share

if TYPE_CHECKING:
    from app.studio import Studio

FEW = 5
"""Below so many decisions a share says little of the next draft: it is told with its interval, and marked."""

MOST_REASONS = 5
_FATES = {"approve": "as_it_is", "edit": "edited", "changes": "sent_back", "reject": "rejected"}


class Group(Noun):
    """What became of the drafts that one model wrote by one version of the prompts."""

    model: str
    prompts: str  # names and versions
    channels: tuple[str, ...]
    decided: int
    as_it_is: int
    edited: int
    sent_back: int
    rejected: int
    held_first: int  # were held before they were decided
    accepted: float  # share approved as they were
    accepted_low: float
    accepted_high: float
    edit_distance: float | None  # mean over the edited ones, 0 to 1 of the longer text
    hours_to_decision: float  # median
    reasons: tuple[str, ...]  # the words of those who sent back or rejected, newest first
    few: bool


class Live(Noun):
    """The groups, and what still waits."""

    since: str | None
    decided: int
    waiting: int
    groups: tuple[Group, ...]
    privacy: str = "Counted from this home's own database. Nothing of it was sent anywhere."


class _Fate(Noun):
    """One draft's first word that settled it."""

    proposal: Proposal
    decision: Decision
    held: bool
    apart: float | None


def report(studio: "Studio", since: str | None = None) -> Live:
    """Return how drafts fared since a day (UTC). Raises WrongUse for a day that is none."""
    start = _day(since)
    proposals = [each for each in studio.memory.proposals.list(studio.workspace.id) if each.draft_id]
    fates = [fate for each in proposals if (fate := _fate(studio, each)) and (not start or fate.decision.at >= start)]
    groups = defaultdict[tuple[str, str], list[_Fate]](list)
    for fate in fates:
        groups[_of(fate.proposal)].append(fate)
    return Live(
        since=since,
        decided=len(fates),
        waiting=sum(each.state in ("waiting", "held") for each in proposals),
        groups=tuple(_group(*key, found) for key, found in sorted(groups.items(), key=lambda pair: -len(pair[1]))),
    )


def _day(since: str | None) -> datetime | None:
    if since is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(since), time(), UTC)
    except ValueError:
        raise WrongUse(f"--since {since!r} is no day.", "Write it as 2026-10-01.") from None


def _fate(studio: "Studio", proposal: Proposal) -> _Fate | None:
    """Return what a person said of a model's draft. What a person wrote is no model's, and its approval no label."""
    draft = studio.memory.drafts.get(str(proposal.draft_id))
    if "edited_by" in draft.inputs:
        return None
    made = [each for each in studio.memory.decisions.for_proposal(proposal.id) if each.undone_by is None]
    made = [each for each in made if each.stage != "angles"]
    settled = next((each for each in made if each.verb in _FATES), None)
    if settled is None:
        return None
    apart = None
    if settled.verb == "edit" and settled.new_proposal_id:
        apart = distance(proposal.text, studio.memory.proposals.get(proposal.workspace, settled.new_proposal_id).text)
    return _Fate(proposal=proposal, decision=settled, held=any(each.verb == "hold" for each in made), apart=apart)


def _of(proposal: Proposal) -> tuple[str, str]:
    versions = proposal.provenance.prompt_versions
    return proposal.provenance.model, ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))


def _group(model: str, prompts: str, found: list[_Fate]) -> Group:
    counts = Counter(_FATES[each.decision.verb] for each in found)
    as_is = [float(each.decision.verb == "approve") for each in found]
    told = share(as_is, [each.proposal.brief_id for each in found])
    apart = [each.apart for each in found if each.apart is not None]
    hours = [  # a clock that was put back made nobody decide before there was anything to decide
        max(0.0, (each.decision.at - each.proposal.created_at).total_seconds() / 3600) for each in found
    ]
    newest = sorted(found, key=lambda each: each.decision.at, reverse=True)
    reasons = [
        each.decision.note for each in newest if each.decision.verb in ("changes", "reject") and each.decision.note
    ]
    return Group(
        model=model, prompts=prompts, channels=tuple(sorted({each.proposal.channel for each in found})),
        decided=len(found), **{name: counts[name] for name in _FATES.values()},
        held_first=sum(each.held for each in found),
        accepted=told.mean, accepted_low=told.low, accepted_high=told.high,
        edit_distance=sum(apart) / len(apart) if apart else None, hours_to_decision=median(hours),
        reasons=tuple(reasons[:MOST_REASONS]), few=len(found) < FEW,
    )  # fmt: skip


def show(console: Any, live: Live) -> None:
    """Print it for a person."""
    if not live.groups:
        when = f"since {live.since}" if live.since else "yet"
        console.print(f"Nothing has been decided {when}. Each decision will count here.", markup=False)
    for group in live.groups:
        console.print(f"{group.model} · {group.prompts or 'no prompt'}", markup=False, style="bold")
        share = f"{group.accepted:.0%} approved as they were ({group.accepted_low:.0%} to {group.accepted_high:.0%})"
        few = ", too few to go by" if group.few else ""
        console.print(f"  {share}, of {group.decided} decided{few}", markup=False)
        rest = f"edited {group.edited}, sent back {group.sent_back}, rejected {group.rejected}"
        console.print(f"  {rest}, held first {group.held_first}", markup=False)
        if group.edit_distance is not None:
            console.print(f"  an edit changes {group.edit_distance:.0%} of the text on average", markup=False)
        console.print(f"  decided after {group.hours_to_decision:.1f} h at the median", markup=False)
        for reason in group.reasons:
            console.print(f"  “{reason}”", markup=False, style="bright_black")
    console.print(f"Waiting: {live.waiting}. {live.privacy}", markup=False, style="bright_black")
