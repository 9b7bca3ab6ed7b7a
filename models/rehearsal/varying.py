"""Versions that differ in one thing, from own words: another beginning, another closing line, fewer sentences."""

from collections.abc import Iterator

from core.channels import channel as channel_of
from core.counting import measure
from core.links import links_in
from models.rehearsal.connectors import title_of as work_title
from models.rehearsal.drafting import kit_for
from models.rehearsal.material import Extract
from models.rehearsal.reading import sentences
from models.rehearsal.shapes import TURNS
from models.rehearsal.shapes.kit import Kit, Piece
from models.rehearsal.standing import can_follow, salience, stands_alone
from models.rehearsal.statement import shortened
from models.rehearsal.vectors import Vectors
from models.tasks import DraftRequest, DraftToVary, VariedDraft, VariedPart, VaryAnswer, VaryRequest

LONGEST_QUESTION = 18  # words
LONGEST_TITLE = 70  # characters of a sentence that is to be a title or a subject
ROOM = 1.6  # times as long as the part that it replaces


def vary(request: VaryRequest, vectors: Vectors) -> VaryAnswer:
    """Return the versions of every draft; none of a kind that the material does not have."""
    make = {"hook": _hooks, "cta": _closings, "length": _lengths}[request.dimension]
    return VaryAnswer(
        drafts=tuple(
            VariedDraft(draft_id=draft.draft_id, variants=tuple(make(request, draft, vectors)))
            for draft in request.drafts
        )
    )


def _kit(request: VaryRequest, draft: DraftToVary, vectors: Vectors) -> Kit:
    fields = request.model_dump(exclude={"dimension", "values", "drafts"})
    return kit_for(DraftRequest(**fields, channel=draft.channel), vectors)


def _hooks(request: VaryRequest, draft: DraftToVary, vectors: Vectors) -> Iterator[VariedPart]:
    kit = _kit(request, draft, vectors)
    there = " ".join(draft.sentences)
    made = {
        "detail": _details(kit, draft, there),
        "quote": _quotes(kit, draft, there),
        "question": _questions(kit, draft, there),
        "news": _news(kit, draft),
    }
    seen = {draft.part.casefold()}
    told: set[str] = set()  # one sentence makes one version: with another frame around it, it would be hardly another
    for value in request.values:
        for piece in made.get(value, ()):
            lines = {line.quote for line in piece.receipts}
            if piece.text and piece.text.casefold() not in seen and not lines & told and _fits(draft, piece.text):
                seen.add(piece.text.casefold())
                told |= lines
                yield VariedPart(value=value, part=piece.text, receipts=piece.receipts)
                break


def _fits(draft: DraftToVary, text: str) -> bool:
    place = channel_of(draft.channel)
    over = any(measure(limit, text).over for limit in place.limits_of(draft.field))
    return not over and (draft.field != "text" or len(text) <= max(120, ROOM * len(draft.part)))


def _new(kit: Kit, draft: DraftToVary, there: str) -> Iterator[Extract]:
    """Yield what the draft does not tell already, where it is to stand in the text."""
    for extract in (*kit.material.source, *kit.material.past):
        if draft.field != "text" or extract.text not in there:
            yield extract


def _details(kit: Kit, draft: DraftToVary, there: str) -> Iterator[Piece]:
    for extract in _new(kit, draft, there):
        if draft.field == "text":
            yield kit.told(extract, kind="after")
        elif len(short := shortened(extract.text, 60)) == len(extract.text.rstrip(".")):
            yield Piece(short)  # a whole sentence or none: a title that was cut says nothing


def _quotes(kit: Kit, draft: DraftToVary, there: str) -> Iterator[Piece]:
    for extract in _new(kit, draft, there):
        if draft.field == "text" and (extract.work or extract.speaker):
            yield kit.at(kit.turn + 1).told(extract)
        elif draft.field != "text" and len(extract.text) <= LONGEST_TITLE:
            yield Piece(f"“{extract.text.rstrip('.')}”")


def _questions(kit: Kit, draft: DraftToVary, there: str) -> Iterator[Piece]:
    """Yield questions that stand in the source and can be asked by themselves."""
    for said in sentences(kit.source_text):
        text = said.text
        whole = f"{text[:-1]}."
        short = 5 <= len(text.split()) <= LONGEST_QUESTION
        if (
            text.endswith("?")
            and short
            and text not in there
            and stands_alone(whole, fresh=True, spoken=bool(kit.speakers))
        ):
            extract = Extract(text=text, quote=text, work=None, speaker=said.speaker)
            yield kit.told(extract) if draft.field == "text" else Piece(text)


def _news(kit: Kit, draft: DraftToVary) -> Iterator[Piece]:
    if draft.field != "text":
        titles = [kit.statement.title(60), kit.source_title, *(work_title(work) for work in kit.works[:1])]
        yield from (Piece(title) for title in titles if title)
        return
    for turn in range(len(kit.statement.lines)):
        opening = kit.at(kit.turn + turn).opening()
        # what the draft says elsewhere in these words would be said twice
        if opening and not any(kit.says_the_ask(each) for each in draft.sentences if each not in draft.part):
            yield opening


def _closings(request: VaryRequest, draft: DraftToVary, vectors: Vectors) -> Iterator[VariedPart]:
    kit = _kit(request, draft, vectors)
    links = [*links_in(draft.part), *([] if draft.part else kit.links)]
    seen = {draft.part.casefold()}
    for value in request.values:
        if value == "none":
            if draft.part:
                yield VariedPart(value=value)
            continue
        choices: list[str] = kit.words.phrases["cta"].get(value, [])
        for number in range(len(choices)):
            words = _closing(kit, choices[(TURNS.get(draft.channel, 0) + number) % len(choices)], links)
            if words and words.casefold() not in seen:
                seen.add(words.casefold())
                yield VariedPart(value=value, part=words)
                break


def _closing(kit: Kit, phrase: str, links: list[str]) -> str:
    if links:
        return kit.words.say(phrase, link=links[0])
    if phrase.count("{link}") and not phrase.endswith(": {link}"):
        return ""
    bare = kit.words.say(phrase.removesuffix(": {link}"))
    # "Read all of it" without a link leads nowhere
    return "" if phrase in kit.words.phrases["cta"]["read"] else f"{bare}."


def _lengths(request: VaryRequest, draft: DraftToVary, _: Vectors) -> Iterator[VariedPart]:
    for value in request.values:
        share = int(value.rstrip("%")) / 100
        keep = _kept(draft.sentences, share)
        if keep:
            yield VariedPart(value=value, keep=keep)


def _kept(units: tuple[str, ...], share: float) -> tuple[int, ...]:
    """Return the numbers of the units that stay: the first, those with a link, and what says most of the others.

    A sentence that leans on the one before goes with it. Empty where nothing can go.
    """
    groups = _groups(units)
    fixed = {0, *(n for n, group in enumerate(groups) if links_in(" ".join(units[each - 1] for each in group)))}
    total = sum(len(unit.split()) for unit in units)
    kept = set(range(len(groups)))
    for number in sorted(kept - fixed, key=lambda n: _worth(groups[n], units)):
        if _words(kept, groups, units) <= share * total:
            break
        kept.remove(number)
    # a shorter version that is hardly shorter is none
    if len(kept) == len(groups) or _words(kept, groups, units) > (share + 1) / 2 * total:
        return ()
    return tuple(sorted(each for n in kept for each in groups[n]))


def _groups(units: tuple[str, ...]) -> list[list[int]]:
    groups: list[list[int]] = []
    for number, unit in enumerate(units, start=1):
        leans = not stands_alone(unit, fresh=True) and can_follow(unit, fresh=True)
        if groups and leans:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _worth(group: list[int], units: tuple[str, ...]) -> tuple[float, int]:
    return (max(salience(units[each - 1]) for each in group), -group[0])


def _words(kept: set[int], groups: list[list[int]], units: tuple[str, ...]) -> int:
    return sum(len(units[each - 1].split()) for n in kept for each in groups[n])
