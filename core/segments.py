"""A translation as segments: cut from its source, found again in an edited text, carried over to a changed source."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import regex

from core.drafts import Content
from core.ids import new_id
from core.links import links_in
from core.sentence_runs import matched, runs
from core.sentences import Span, split
from core.translated import Segment

FIELDS = ("text", "title", "subject", "preheader", "summary")

_SAYS_SOMETHING = regex.compile(r"\p{L}|\p{N}")
_MARKERS = regex.compile(r"(?m)^[ \t>]*(?:\#{1,6}|[-*+•‣–]|\(?\d{1,3}[.)])[ \t]+")


class Placed(NamedTuple):
    """A segment and where its target stands in a field's text."""

    segment: Segment
    start: int
    end: int


def fields_of(content: Content) -> dict[str, str]:
    """Return what there is to translate, by field: the texts, then each picture's alt text (`alt:1` …)."""
    texts = {name: getattr(content, name) for name in FIELDS}
    return texts | {f"alt:{number}": each.alt for number, each in enumerate(content.pictures, start=1)}


def with_fields(content: Content, texts: dict[str, str]) -> Content:
    """Return the content with these fields in place of its own."""
    pictures = tuple(
        each.model_copy(update={"alt": texts.get(f"alt:{number}", each.alt)})
        for number, each in enumerate(content.pictures, start=1)
    )
    named = {name: texts[name] for name in FIELDS if name in texts}
    links = tuple(links_in(named.get("text", content.text)))
    return content.model_copy(update={**named, "pictures": pictures, "links": links})


def cut(content: Content, new: Callable[[], str] = lambda: new_id("sg")) -> tuple[Segment, ...]:
    """Return the segments of a source, none of them translated yet."""
    return tuple(
        Segment(id=new(), field=name, source=span.text)
        for name, text in fields_of(content).items()
        for span in split(text)
    )


def paired(source: Content, translation: Content) -> tuple[Segment, ...]:
    """Return the segments of a translation that nobody kept any of: sentence by sentence where a field has as many."""
    texts, made = fields_of(translation), []
    for name, text in fields_of(source).items():
        mine, theirs = [span.text for span in split(text)], [span.text for span in split(texts.get(name, ""))]
        pairs = zip(mine, theirs, strict=True) if len(mine) == len(theirs) else [(text, texts.get(name, ""))]
        here = [(old, new) for old, new in pairs if old.strip() or new.strip()]
        made += [Segment(id=f"{name}.{n}", field=name, source=old, target=new) for n, (old, new) in enumerate(here)]
    return tuple(made)


def written(source: Content, segments: Sequence[Segment]) -> Content:
    """Return the source with each segment's target in its place; an empty target leaves a gap."""
    texts = {
        name: _filled(text, [each for each in segments if each.field == name])
        for name, text in fields_of(source).items()
    }
    return with_fields(source, texts)


def is_whole(segments: Iterable[Segment]) -> bool:
    """Say whether every segment has a target."""
    return all(each.target.strip() for each in segments)


def aligned(segments: Sequence[Segment], content: Content) -> tuple[Segment, ...]:
    """Return the segments with the targets that stand in a translation now, whoever edited it as a whole.

    What was added to a text belongs to the segment before it; where sentences can't be told apart any more, their
    segments become one. So every word of the text belongs to a segment.
    """
    found = [placed for name, text in fields_of(content).items() for placed in placed_in(segments, name, text)]
    order = {each.id: place for place, each in enumerate(segments)}
    return tuple(sorted((each.segment for each in found), key=lambda each: order[each.id]))


def placed_in(segments: Sequence[Segment], field: str, text: str) -> list[Placed]:
    """Return a field's segments and where each target stands in its text, as `aligned` finds them."""
    mine = [each for each in segments if each.field == field]
    return _as_they_were(mine, text) or _found_again(mine, text)


def with_target(content: Content, segments: Sequence[Segment], segment_id: str, target: str) -> Content:
    """Return a translation with one segment's target replaced, every other character as it was."""
    fields = fields_of(content)
    for name, text in fields.items():
        for each in placed_in(segments, name, text):
            if each.segment.id == segment_id and each.segment.target:
                return with_fields(content, {name: text[: each.start] + target + text[each.end :]})
    raise KeyError(segment_id)


def carried(
    segments: Sequence[Segment], source: Content, new: Callable[[], str] = lambda: new_id("sg")
) -> tuple[Segment, ...]:
    """Return the segments of a changed source: those that say the same are kept as they are, the others are empty."""
    made: list[Segment] = []
    for name, text in fields_of(source).items():
        old = [each for each in segments if each.field == name]
        units = [span.text for span in split(text)]
        kept = {start: (old[group], end) for group, (start, end) in matched(_sources(old), units).items()}
        at, before = 0, _stood_before(old, units, kept)
        while at < len(units):
            if at in kept:
                segment, end = kept[at]
                made.append(segment.model_copy(update={"was": None}))
                at = end
            else:
                made.append(Segment(id=new(), field=name, source=units[at], was=before.get(at)))
                at += 1
    return tuple(made)


def changed(segments: Sequence[Segment], source: Content) -> frozenset[str]:
    """Return the ids of the segments whose source is not what it was: changed, or gone."""
    kept: set[str] = set()
    for name, text in fields_of(source).items():
        old = [each for each in segments if each.field == name]
        units = [span.text for span in split(text)]
        kept |= {old[group].id for group in matched(_sources(old), units)}
    return frozenset(each.id for each in segments) - kept


def _sources(segments: Sequence[Segment]) -> list[list[str]]:
    return [[span.text for span in split(each.source)] for each in segments]


def _stood_before(
    old: Sequence[Segment], units: Sequence[str], kept: dict[int, tuple[Segment, int]]
) -> dict[int, tuple[str, str]]:
    """Return, for a new sentence, the segment that stood in its place, where that can be told."""
    staying = {segment.id for segment, _ in kept.values()}
    found: dict[int, tuple[str, str]] = {}
    for run, low, high in runs(
        [each.id for each in old], units, {start: (segment.id, end) for start, (segment, end) in kept.items()}
    ):
        gone = [each for each in old[low:high] if each.id not in staying]
        if len(gone) == len(run):
            found |= {at: (each.source, each.target) for at, each in zip(run, gone, strict=True)}
    return found


def _as_they_were(segments: Sequence[Segment], text: str) -> list[Placed]:
    """Return where the targets stand if nothing was edited: each in its order, and no other words between them."""
    found, at, rest = [], 0, []
    for each in segments:
        start = text.find(each.target, at) if each.target else at
        if start < 0:
            return []
        rest.append(text[at:start])
        at = start + len(each.target)
        found.append(Placed(each, start, at))
    between = "\n".join([*rest, text[at:]])
    return [] if _SAYS_SOMETHING.search(_MARKERS.sub("", between)) else found


def _found_again(segments: Sequence[Segment], text: str) -> list[Placed]:
    spans = split(text)
    targets = [[span.text for span in split(each.target)] for each in segments]
    places = matched(targets, [span.text for span in spans])
    kept = {start: (segments[group].id, end) for group, (start, end) in places.items()}
    found = {
        segments[group].id: _placed(segments[group], spans[start:end], text) for group, (start, end) in places.items()
    }
    merged: set[str] = set()
    for run, low, high in runs([each.id for each in segments], spans, kept):
        gone = [each for each in segments[low:high] if each.id not in found and each.id not in merged]
        here = [spans[at] for at in run]
        if len(gone) == len(here) or len(gone) == 1:
            parts = [here] if len(gone) == 1 else [[span] for span in here]
            found |= {each.id: _placed(each, part, text) for each, part in zip(gone, parts, strict=True)}
        elif gone:
            one = gone[0].model_copy(update={"source": " ".join(each.source for each in gone)})
            found[one.id] = _placed(one, here, text)
            merged |= {each.id for each in gone[1:]}
        else:
            _join_to_neighbour(found, here, text)
    lost = [each for each in segments if each.id not in found and each.id not in merged]
    empty = [Placed(each.model_copy(update={"target": "", "back": "", "reuse": None}), 0, 0) for each in lost]
    return [*sorted(found.values(), key=lambda each: each.start), *empty]


def _placed(segment: Segment, spans: Sequence[Span], text: str) -> Placed:
    start, end = spans[0].start, spans[-1].end
    if text[start:end] == segment.target:
        return Placed(segment, start, end)
    anew = {"target": text[start:end], "made_by": "", "back": "", "reuse": None}  # whoever edited the whole text
    return Placed(segment.model_copy(update=anew), start, end)


def _join_to_neighbour(found: dict[str, Placed], run: Sequence[Span], text: str) -> None:
    """Let what was added belong to the segment before it, or to the first one."""
    before = [each for each in found.values() if each.end <= run[0].start]
    after = [each for each in found.values() if each.start >= run[-1].end]
    if before:
        near = max(before, key=lambda each: each.end)
        span = Span(near.start, run[-1].end, text[near.start : run[-1].end])
    elif after:
        near = min(after, key=lambda each: each.start)
        span = Span(run[0].start, near.end, text[run[0].start : near.end])
    else:
        return
    found[near.segment.id] = _placed(near.segment, [span], text)


def _filled(text: str, segments: Sequence[Segment]) -> str:
    """Return a source's text with the targets in the places of its sentences; a segment may stand for several."""
    spans = split(text)
    parts, end, at = [], 0, 0
    for each in segments:
        count = max(1, len(split(each.source)))
        mine = spans[at : at + count]
        if not mine:
            break
        parts += [text[end : mine[0].start], each.target]
        end, at = mine[-1].end, at + count
    return "".join(parts) + text[end:]
