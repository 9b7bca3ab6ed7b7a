"""What the newsletter and the article share."""

from collections.abc import Sequence

from models.rehearsal.material import Extract
from models.rehearsal.shapes.kit import Kit, Piece
from models.rehearsal.statement import shortened

LISTED = 3  # past pieces that are named without being quoted


def title_of(kit: Kit, longest: int) -> str:
    """Return a title in own words: the angle's, the ask's, the source's; shortened at a natural border."""
    for text in (kit.title, kit.statement.about, kit.source_title):
        if text:
            return shortened(text[:1].upper() + text[1:], longest)
    best = [*kit.material.source, *kit.material.past]
    return shortened(best[0].text, longest) if best else ""


def heading(kit: Kit, which: str) -> Piece:
    """Return one of the listed headings."""
    return Piece("## " + kit.words.say(kit.words.phrases["headings"][which]))


def in_order(kit: Kit, extracts: Sequence[Extract], words: int) -> list[Piece]:
    """Return the best extracts as paragraphs in the order of the source, at most `words` words."""
    chosen: list[Extract] = []
    used: set[str] = set()
    total = 0
    for extract in extracts:
        run = extract.run(60)
        size = sum(len(each.text.split()) for each in run)
        if total + size > words or any(each.text in used for each in run):
            continue
        chosen.append(extract)
        used |= {each.text for each in run}
        total += size
    return [kit.told(extract, words=60) for extract in sorted(chosen, key=lambda each: each.order)]


def quotation(kit: Kit, extract: Extract, words: int, *, titled: bool = False) -> Piece:
    """Return a block quote under a line that says where it comes from (`titled`: the heading above says it)."""
    run = extract.run(words)
    quote = " ".join(each.text for each in run)
    receipts = tuple(each.line() for each in run)
    if extract.work is None:
        return Piece(quote, receipts)
    return Piece(f"{kit.words.introduction(extract.work, titled=titled)}\n\n> {quote}", receipts)


def archive(kit: Kit, quoted: Sequence[Extract]) -> list[Piece]:
    """Return the list of further past pieces that were recalled and can be read."""
    told = {extract.work.id for extract in quoted if extract.work}
    others = [work for work in kit.works if work.id not in told and work.url][:LISTED]
    if not others:
        return []
    lines = [kit.words.say(kit.words.phrases["archive"]), "", *(f"- {kit.words.archive_item(work)}" for work in others)]
    return [Piece("\n".join(lines))]
