"""Fill segments that have no target: from what was approved before, else by a translator; then say it back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import GreenroomError, ModelFailed, NeedsModel, NotAllowed
from core.links import links_in
from core.localization.formats import samples
from core.localization.marks import set_for
from core.policy import policy_of
from core.terminology import glossary, kept
from core.translated import Segment, Wordplay
from models import Meter, ask, model_name
from models.tasks import (
    EarlierPair,
    LocalizeAnswer,
    LocalizeRequest,
    SegmentNote,
    Stretch,
)
from models.translation import translated
from tools.context import Context
from tools.grids import Grid, Pair, exactly, parts
from tools.material import limits_of
from tools.private import refuse_private
from tools.saying_back import say_back

MEMORY = "memory"
"""Who made a segment that was filled from an approved earlier one."""

MOST_PAIRS = 20


@dataclass
class Filled:
    """What filling came to. `refusal`: why segments are still empty; `engine`: who translated."""

    engine: str = ""
    refusal: GreenroomError | None = None
    notices: list[str] = field(default_factory=list)
    segments: tuple[Segment, ...] = ()  # of the one text, where there is only one


def fill(context: Context, meter: Meter, grids: Sequence[Grid], pair: Pair) -> Filled:
    """Fill every empty segment of all texts, in one call, and add what the filled ones say translated back.

    Segments that were approved before, word for word, are not asked for again. What can't be filled stays empty.
    """
    done = Filled()
    _remembered(context, meter.workspace, grids, pair)
    wanted = list(dict.fromkeys(each.source for grid in grids for each in grid.segments if not each.target.strip()))
    if not wanted:
        return done
    try:
        targets, notes, done.engine = _asked(context, meter, grids, wanted, pair)
    except (NeedsModel, ModelFailed, NotAllowed) as error:
        done.refusal = error
        return done
    for grid in grids:
        grid.segments = [_with(each, targets, notes, done.engine, pair.target) for each in grid.segments]
    left = sum(not each.target.strip() for grid in grids for each in grid.segments)
    if left:
        of = sum(len(grid.segments) for grid in grids)
        done.notices.append(f"{pair.target}: {left} of {of} segments came back empty. They wait for a person's words.")
    _said_back(context, meter, grids, pair, done)
    return done


def _remembered(context: Context, workspace: str, grids: Sequence[Grid], pair: Pair) -> None:
    empty = [each.source for grid in grids for each in grid.segments if not each.target.strip()]
    found = context.memory.translations.matches(workspace, empty, source=pair.source, target=pair.target)
    best = {source: reuses[0] for source, reuses in zip(empty, found, strict=True) if reuses}
    for grid in grids:
        grid.segments = [_from_memory(each, best) for each in grid.segments]


def _from_memory(segment: Segment, best: dict[str, Any]) -> Segment:
    reuse = best.get(segment.source)
    if reuse is None or segment.target.strip():
        return segment
    same = {"target": reuse.target, "made_by": MEMORY} if reuse.percent == 100 else {}
    return segment.model_copy(update={**same, "reuse": reuse})


def _with(
    segment: Segment, targets: dict[str, str], notes: dict[str, tuple[Wordplay, ...]], engine: str, locale: str
) -> Segment:
    """Return a segment with a machine's words, their quotation marks and spaces set as the locale sets them."""
    if segment.target.strip():
        return segment
    target = set_for(targets.get(segment.source, ""), locale)
    if not target.strip():
        return segment
    return segment.model_copy(update={"target": target, "made_by": engine, "notes": notes.get(segment.source, ())})


def _asked(
    context: Context, meter: Meter, grids: Sequence[Grid], wanted: list[str], pair: Pair
) -> tuple[dict[str, str], dict[str, tuple[Wordplay, ...]], str]:
    """Return (target by source, notes by source, who translated)."""
    if context.translator is not None:
        refuse_private(context, meter, wanted)
        facts = context.memory.facts.current(meter.workspace)
        keep = kept(facts, wanted, pair.target)
        said = translated(context.translator, wanted, source=pair.source, target=pair.target, keep=keep)
        return dict(zip(wanted, said, strict=True)), {}, context.translator.name
    targets: dict[str, str] = {}
    notes: dict[str, tuple[Wordplay, ...]] = {}
    for part in parts(wanted):
        answer = ask(
            context.model,
            "localize",
            _request(context, meter, grids, part, pair),
            exactly(LocalizeAnswer, len(part)),
            meter=meter,
            stage="localize",
        )
        targets |= zip(part, answer.segments, strict=True)
        notes |= _notes(part, answer.notes)
    return targets, notes, getattr(meter, "model", "") or model_name(context.model)


def _request(context: Context, meter: Meter, grids: Sequence[Grid], part: list[str], pair: Pair) -> LocalizeRequest:
    memory, workspace = context.memory, meter.workspace
    facts = memory.facts.current(workspace)
    links = (link for text in part for link in links_in(text))
    exemplars = memory.translations.exemplars(workspace, pair.target)
    return LocalizeRequest(
        source_locale=pair.source,
        target_locale=pair.target,
        address=policy_of(memory.workspaces.get(workspace)).localization.address_in(pair.target),
        forms=samples(pair.target),
        glossary=glossary(facts, part, pair.target),
        keep=tuple(dict.fromkeys((*links, *kept(facts, part, pair.target)))),
        exemplars=exemplars,
        voice=() if exemplars else memory.voice.profile(workspace).summary,
        pairs=tuple(_pairs(context, meter, grids, part)),
        stretches=tuple(_stretches(grids, part)),
        segments=tuple(part),
    )


def _pairs(context: Context, meter: Meter, grids: Sequence[Grid], part: Sequence[str]) -> list[EarlierPair]:
    """Return the approved earlier segments that are like those of this part, each once, the likest first.

    What is private is told only where the errand is: nothing else would then go to a hosted model.
    """
    asked, secrets = set(part), context.memory.privacy.secrets(meter.workspace)
    near = [each.reuse for grid in grids for each in grid.segments if each.reuse and each.source in asked]
    if not meter.errand("localize").private:
        near = [reuse for reuse in near if not secrets.found_in(reuse.source)]
    near.sort(key=lambda reuse: -reuse.percent)
    told = dict.fromkeys((reuse.source, reuse.target) for reuse in near)
    return [EarlierPair(source=source, target=target) for source, target in list(told)[:MOST_PAIRS]]


def _stretches(grids: Sequence[Grid], part: Sequence[str]) -> list[Stretch]:
    numbers = {source: number for number, source in enumerate(part, start=1)}
    found = []
    for grid in grids:
        mine = [numbers[each.source] for each in grid.segments if each.source in numbers and not each.target.strip()]
        if mine and grid.channel:
            limits = limits_of(grid.channel)
            found.append(Stretch(channel=grid.channel, first=min(mine), last=max(mine), limits=limits))
    return found


def _said_back(context: Context, meter: Meter, grids: Sequence[Grid], pair: Pair, done: Filled) -> None:
    """Add a back-translation to what a machine or the memory worded; no harm where it fails."""
    if not policy_of(context.memory.workspaces.get(meter.workspace)).localization.back_translation:
        return
    try:
        say_back(context, meter, grids, pair, lambda each: each.made_by in (done.engine, MEMORY))
    except (NeedsModel, ModelFailed, NotAllowed) as error:
        done.notices.append(f"{pair.target}: not translated back: {error.message}")


def _notes(part: Sequence[str], notes: Iterable[SegmentNote]) -> dict[str, tuple[Wordplay, ...]]:
    """Return notes by their source; one about a segment, or words, that are not there is no note."""
    found: dict[str, tuple[Wordplay, ...]] = {}
    for note in notes:
        source = part[note.segment - 1] if 1 <= note.segment <= len(part) else ""
        if note.phrase.strip() and note.phrase.casefold() in source.casefold():
            told = Wordplay(phrase=note.phrase, kind=note.kind, why=note.why, alternatives=note.alternatives)
            found[source] = (*found.get(source, ()), told)
    return found
