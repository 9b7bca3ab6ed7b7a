"""An article for the own site: title, summary, 250 to 500 words in Markdown, headings, linked quotes."""

from models.rehearsal.connectors import title_of as work_title
from models.rehearsal.shapes.kit import Kit, Piece, joined, receipts
from models.rehearsal.shapes.longer import (
    archive,
    from_past,
    heading,
    in_order,
    in_part,
    in_short,
    quotations,
    title_of,
)
from models.tasks import DraftAnswer, Line

TITLE, SUMMARY = 70, 160  # characters
LEAST, MOST = 250, 480  # words
NEW = 260  # words of new material, at most
TAGS = 5


def article(kit: Kit) -> DraftAnswer:
    """Return the article."""
    head = kit.head(titled=True)
    body = kit.begun(head, in_order(kit, words=NEW))
    body += _from_past(kit, body)
    body.append(kit.read_on(joined(body)))
    text = joined(body) or kit.bare()
    summary, receipt = _summary(kit)
    return DraftAnswer(
        title=title_of(kit, TITLE),
        summary=summary,
        text=text,
        tags=kit.hashtags[:TAGS],
        receipts=(*receipts(body), *receipt),
    )


def _from_past(kit: Kit, before: list[Piece]) -> list[Piece]:
    """Return the quotes from past pieces: each under the piece's own title, or together after new material."""
    groups = from_past(kit, before, least=LEAST, most=MOST, pieces=2)
    if not groups:
        return []
    pieces: list[Piece] = [heading(kit, "archive")] if kit.new else []
    for group in groups:
        work = group[0].work
        title = work_title(work) if work and not kit.new else ""
        pieces += [*([Piece(f"## {title}")] if title else []), quotations(kit, group, titled=bool(title))]
    return [*pieces, *archive(kit, [extract for group in groups for extract in group])]


def _summary(kit: Kit) -> tuple[str, tuple[Line, ...]]:
    for extract in kit.material.source:
        if 50 <= len(extract.text) <= SUMMARY and not extract.speaker:
            return extract.text, (extract.line(),)
    piece = in_short(kit, SUMMARY) or in_part(kit, SUMMARY)
    return piece.text, piece.receipts
