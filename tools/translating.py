"""Fill segments that have no target: from what was approved before, else by a translator; then say it back."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, Field, create_model

from core.errors import GreenroomError, ModelFailed, NeedsModel, NotAllowed, PrivateMaterial
from core.links import links_in
from core.localization.formats import samples
from core.localization.marks import set_for
from core.policy import policy_of
from core.terminology import glossary, kept
from core.translated import Segment, Wordplay
from models import Meter, ask, is_rehearsal, model_name
from models.tasks import (
    BackTranslateAnswer,
    BackTranslateRequest,
    EarlierPair,
    LocalizeAnswer,
    LocalizeRequest,
    SegmentNote,
    Stretch,
)
from models.translation import translated
from tools.context import Context
from tools.material import limits_of

MEMORY = "memory"
"""Who made a segment that was filled from an approved earlier one."""

MOST_CHARACTERS = 24_000
"""Of segments in one call: an answer that is longer may be cut off. Nearly every brief fits."""

MOST_PAIRS = 20
T = TypeVar("T", bound=BaseModel)
log = logging.getLogger(__name__)


@dataclass
class Grid:
    """The segments of one text, and the channel that it is for (empty: none)."""

    channel: str
    segments: list[Segment]


@dataclass
class Filled:
    """What filling came to. `refusal`: why segments are still empty; `engine`: who translated."""

    engine: str = ""
    refusal: GreenroomError | None = None
    notices: list[str] = field(default_factory=list)
    segments: tuple[Segment, ...] = ()  # of the one text, where there is only one


@dataclass(frozen=True)
class Pair:
    """From which locale to which."""

    source: str
    target: str


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
    for part in _parts(wanted):
        answer = ask(
            context.model,
            "localize",
            _request(context, meter, grids, part, pair),
            _exactly(LocalizeAnswer, len(part)),
            meter=meter,
            stage="localize",
        )
        targets |= zip(part, answer.segments, strict=True)
        notes |= _notes(part, answer.notes)
    return targets, notes, getattr(meter, "model", "") or model_name(context.model)


def refuse_private(context: Context, meter: Meter, texts: Iterable[str]) -> None:
    """Raise PrivateMaterial before anything that is marked private would go to a hosted translator."""
    translator = context.translator
    if translator is None or translator.kind == "on_premises":
        return
    secrets = context.memory.privacy.secrets(meter.workspace)
    if meter.errand("localize").private or any(secrets.found_in(text) for text in texts):
        raise PrivateMaterial(
            f"This is marked private, and {translator.where} is hosted. Nothing was sent.",
            "Use a translator on your own premises (docs/localization.md), or translate the segments yourself.",
        )


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
    """Add a back-translation to what a machine translated: one call for all of them, and no harm where it fails."""
    policy = policy_of(context.memory.workspaces.get(meter.workspace))
    by_machine = [
        each.target for grid in grids for each in grid.segments if each.made_by == done.engine and not each.back
    ]
    wanted = list(dict.fromkeys(by_machine))
    if not wanted or not policy.localization.back_translation:
        return
    secrets = context.memory.privacy.secrets(meter.workspace)
    if any(secrets.found_in(each.source) for grid in grids for each in grid.segments if each.made_by == done.engine):
        meter.now_private()  # in another language nobody would know it again
    try:
        said = _back(context, meter, wanted, pair)
    except (NeedsModel, ModelFailed, NotAllowed) as error:
        done.notices.append(f"{pair.target}: not translated back: {error.message}")
        return
    back = dict(zip(wanted, said, strict=True))
    for grid in grids:
        grid.segments = [
            each.model_copy(update={"back": back.get(each.target, each.back)}) if each.made_by == done.engine else each
            for each in grid.segments
        ]


def _back(context: Context, meter: Meter, wanted: list[str], pair: Pair) -> list[str]:
    if is_rehearsal(context.model) and context.translator is not None:
        return translated(context.translator, wanted, source=pair.target, target=pair.source)
    said: list[str] = []
    for part in _parts(wanted):
        request = BackTranslateRequest(source_locale=pair.target, target_locale=pair.source, segments=tuple(part))
        schema = _exactly(BackTranslateAnswer, len(part))
        answer = ask(context.model, "backtranslate", request, schema, meter=meter, stage="back_translate")
        said += answer.segments
    return said


def _notes(part: Sequence[str], notes: Iterable[SegmentNote]) -> dict[str, tuple[Wordplay, ...]]:
    """Return notes by their source; one about a segment, or words, that are not there is no note."""
    found: dict[str, tuple[Wordplay, ...]] = {}
    for note in notes:
        source = part[note.segment - 1] if 1 <= note.segment <= len(part) else ""
        if note.phrase.strip() and note.phrase.casefold() in source.casefold():
            told = Wordplay(phrase=note.phrase, kind=note.kind, why=note.why, alternatives=note.alternatives)
            found[source] = (*found.get(source, ()), told)
    return found


def _exactly(schema: type[T], count: int) -> type[T]:
    """Return the answer's schema for so many segments: one that has others is sent back with the reason."""
    return create_model(
        schema.__name__,
        __base__=schema,
        segments=(tuple[str, ...], Field(min_length=count, max_length=count)),
    )


def _parts(texts: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    room = MOST_CHARACTERS
    for text in texts:
        if parts[-1] and len(text) > room:
            parts.append([])
            room = MOST_CHARACTERS
        parts[-1].append(text)
        room -= len(text)
    return parts
