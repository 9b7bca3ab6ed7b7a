"""What the newsletter and the article share."""

from collections.abc import Sequence
from itertools import groupby

from models.rehearsal.connectors import title_of as work_title
from models.rehearsal.material import Extract
from models.rehearsal.shapes.kit import Kit, Piece, by_different_works, words_in
from models.rehearsal.statement import shortened, titled
from models.tasks import Line

SHORTEST = 50  # characters of a sentence that stands for all of it
ENOUGH = 8  # sentences to choose from, so that another channel may have the best one
FEW = 2  # sentences that are left at least where one is skipped
RUN = 60  # words that an extract may run on to
ABOUT_IT = 12  # words of a heading and of the line before a quote
LISTED = 3  # past pieces that are named without being quoted
SPOKEN = 0.7  # of the words: a page of quotes tires sooner than a page of text


def title_of(kit: Kit, longest: int) -> str:
    """Return a title in own words: the angle's, the ask's, the source's; one that fits whole before one cut short."""
    texts = [text for text in (kit.title, kit.statement.about, kit.source_title) if text]
    whole = next((made for text in texts if len(made := titled(text, 1000)) <= longest), "")
    if texts:
        return whole or titled(texts[0], longest)
    best = [*kit.material.source, *kit.material.past][:ENOUGH]
    best_fit = next((each.text.rstrip(".") for each in best if len(each.text) <= longest), "")
    return best_fit or (shortened(best[0].text, longest) if best else "")


def in_short(kit: Kit, longest: int, *, within: str = "", without: str = "") -> Piece:
    """Return the best sentence that is short enough, a speaker's or a past piece's with whose it is after it."""
    for extract in (*kit.material.source, *kit.material.past):
        piece = kit.told(extract, kind="after")
        there = extract.text in within if within else not without or extract.text not in without
        if SHORTEST <= len(piece.text) <= longest and there:
            return piece
    return Piece("")


def in_part(kit: Kit, longest: int, *, within: str = "") -> Piece:
    """Return the beginning of the best own sentence where all are longer, cut at a border, with dots that say so."""
    for extract in (*kit.material.source, *kit.material.past):
        if extract.speaker or extract.quote != extract.text or extract.text not in (within or extract.text):
            continue
        short = shortened(extract.text, longest - 2)
        if len(short) >= SHORTEST:
            line = extract.line().model_copy(update={"line": f"{short} …", "quote": short})
            return Piece(f"{short} …", (line,))
    return Piece("")


def heading(kit: Kit, which: str) -> Piece:
    """Return one of the listed headings."""
    return Piece("## " + kit.words.say(kit.words.phrases["headings"][which]))


def in_order(kit: Kit, words: int, skip: int = 0) -> list[Piece]:
    """Return the best of the source as paragraphs in its own order, at most `words` words.

    `skip` leaves out that many of the very best, where enough others are left.
    """
    spoken = bool(kit.material.voices)
    told = [each for each in kit.material.source if each.text != kit.day]
    if skip and len(told) > ENOUGH:
        told = told[skip:]
    elif skip and len(told) > skip + FEW:  # few sentences: the others first, so that no two channels read alike
        told = told[skip : len(told)]
    chosen = sorted(_within(told, int(words * SPOKEN) if spoken else words), key=lambda each: each.order)
    if not spoken:
        return [kit.told(extract, words=RUN) for extract in chosen]
    return [_in_their_words(kit, who, list(said)) for who, said in groupby(chosen, key=lambda each: each.speaker)]


def quotations(kit: Kit, extracts: Sequence[Extract], *, titled: bool = False) -> Piece:
    """Return one piece's quotes as block quotes under a line that says where they come from.

    `titled` says that the heading above names the piece already.
    """
    work = extracts[0].work
    assert work is not None
    quotes, receipts = _block_quotes(extracts)
    return Piece(f"{kit.words.introduction(work, titled=titled, who=extracts[0].speaker)}\n\n{quotes}", receipts)


def from_past(
    kit: Kit, before: Sequence[Piece], *, least: int, most: int, pieces: int, first: int = 0
) -> list[list[Extract]]:
    """Return past extracts to quote, grouped by work: until `least` words are there and `pieces` works are quoted.

    `first` is the place of the one to begin with, so that a letter does not read as the article does.
    """
    total = words_in(before)
    used = {line.line for piece in before for line in piece.receipts}
    groups: dict[str, list[Extract]] = {}
    past = kit.material.past
    start = min(first, len(past) - 1)
    for extract in by_different_works([*past[start:], *past[:start]] if past else ()):
        if total >= least and len(groups) >= pieces:
            break
        said = {each.text for each in extract.run(RUN)}
        if extract.work is None or total + _size(extract) > most or said & used:
            continue
        groups.setdefault(f"{extract.work.id} {extract.speaker or ''}", []).append(extract)
        used |= said
        total += _size(extract) + ABOUT_IT
    return [sorted(group, key=lambda each: each.order) for group in groups.values()]


def archive(kit: Kit, quoted: Sequence[Extract]) -> list[Piece]:
    """Return the list of further past pieces that were recalled and can be read."""
    told = {extract.work.id for extract in quoted if extract.work}
    others = [
        work
        for work in kit.works
        if work.id not in told and work.url and work.url not in kit.links and work_title(work)
    ][:LISTED]
    if not others:
        return []
    items = [kit.words.archive_item(work) for work in others]
    lines = [kit.words.say(kit.words.phrases["archive"]), "", *(f"- {item}" for item in items)]
    named = [
        Line(line=item, quote=work.title, work_id=work.id, origin="work")
        for item, work in zip(items, others, strict=True)
    ]
    return [Piece("\n".join(lines), tuple(named))]


def _size(extract: Extract) -> int:
    return sum(len(each.text.split()) for each in extract.run(RUN))


def _within(extracts: Sequence[Extract], words: int) -> list[Extract]:
    chosen: list[Extract] = []
    used: set[str] = set()
    total = 0
    for extract in extracts:
        run = extract.run(RUN)
        if total + _size(extract) <= words and all(each.text not in used for each in run):
            chosen.append(extract)
            used |= {each.text for each in run}
            total += _size(extract)
    return chosen


def _in_their_words(kit: Kit, who: str | None, said: Sequence[Extract]) -> Piece:
    quotes, receipts = _block_quotes(said)
    return Piece(f"{kit.words.say(kit.words.phrases['quoting']['spoken_many'], who=who or '')}\n\n{quotes}", receipts)


def _block_quotes(extracts: Sequence[Extract]) -> tuple[str, tuple[Line, ...]]:
    runs = [extract.run(RUN) for extract in extracts]
    quotes = "\n>\n".join("> " + " ".join(each.text for each in run) for run in runs)
    return quotes, tuple(each.line() for run in runs for each in run)
