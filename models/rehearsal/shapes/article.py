"""An article for the own site: title, summary, 250 to 500 words in Markdown, headings, linked quotes."""

from models.rehearsal.material import Extract
from models.rehearsal.shapes.kit import Kit, Piece, by_different_works, joined, receipts, words_in
from models.rehearsal.shapes.longer import archive, heading, in_order, quotation, title_of
from models.tasks import DraftAnswer, Line

TITLE, SUMMARY = 70, 160  # characters
LEAST, MOST = 250, 480  # words
NEW = 260  # words of new material, at most
TAGS = 5


def article(kit: Kit) -> DraftAnswer:
    """Return the article."""
    body = [piece for piece in (kit.opening(), kit.aside()) if piece]
    body += in_order(kit, kit.material.source, words=NEW)
    body += _from_past(kit, body)
    text = joined(body) or kit.statement.about
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
    pieces: list[Piece] = [heading(kit, "archive")] if kit.new else []
    quoted: list[Extract] = []
    for extract in by_different_works(kit.material.past):
        so_far = [*before, *pieces]
        if words_in(so_far) >= LEAST and len(quoted) >= 2:
            break
        under = [] if kit.new or _same_work(quoted, extract) else [Piece(f"## {_title(extract)}")]
        piece = quotation(kit, extract, words=70, titled=bool(under))
        if words_in([*so_far, *under, piece]) <= MOST and all(extract.text not in each.text for each in so_far):
            pieces += [*under, piece]
            quoted.append(extract)
    if not quoted:
        return []
    return [*pieces, *archive(kit, quoted)]


def _summary(kit: Kit) -> tuple[str, tuple[Line, ...]]:
    for extract in kit.material.source:
        if 50 <= len(extract.text) <= SUMMARY and not extract.speaker:
            return extract.text, (extract.line(),)
    if not kit.statement.about:
        return "", ()
    text = kit.statement.opening(kit.words, kit.turn + 1)
    return (text, ()) if len(text) <= SUMMARY else ("", ())


def _title(extract: Extract) -> str:
    return extract.work.title.strip().rstrip(".") if extract.work else ""


def _same_work(quoted: list[Extract], extract: Extract) -> bool:
    return any(each.work and extract.work and each.work.id == extract.work.id for each in quoted)
