"""What stands beside a film or an episode: a video's description, a podcast's show notes."""

from typing import Literal

from core.counting import fits
from models.rehearsal.chaptering import chapters_of
from models.rehearsal.material import Extract
from models.rehearsal.shapes.kit import Kit, Piece, joined, receipts
from models.rehearsal.shapes.longer import from_past, in_order, in_short, quotations, title_of
from models.tasks import DraftAnswer, Line

FILM_TITLE, NOTES_TITLE, SUMMARY = 100, 80, 250  # characters
TOLD, MOST = 110, 3  # words of a description's material, and its paragraphs
QUOTED = 130  # words of the notes'
TAGS = 5
LINKS = 6


def description(kit: Kit) -> DraftAnswer:
    """Return a video's title and description: what it is about, a few words from it, links, chapters, hashtags."""
    head = kit.head(titled=True)
    told = _plain(kit, TOLD)
    body, alone = [piece for _, piece in told], [kit.told(extract) for extract, _ in told]
    tail = [kit.read_on(joined(head + body)), _chapters(kit), Piece(kit.tags(3))]
    pieces = [*kit.begun(head, body, alone), *tail]
    while body and not kit.fits(pieces):
        body.pop()
        alone.pop()
        pieces = [*kit.begun(head, body, alone), *tail]
    clean = [Piece(piece.text.translate(_FORBIDDEN), piece.receipts) for piece in pieces]
    text = joined(clean) or kit.bare()
    title = title_of(kit, FILM_TITLE).translate(_FORBIDDEN)
    return DraftAnswer(title=title, text=text, tags=kit.hashtags[:TAGS], receipts=_standing(receipts(clean), text))


_FORBIDDEN = {ord("<"): None, ord(">"): None}


def notes(kit: Kit) -> DraftAnswer:
    """Return an episode's show notes under headings that have something: who speaks, chapters, quotes, links."""
    head = kit.head(titled=True)
    told = in_order(kit, words=QUOTED, skip=2)
    parts = [
        *kit.begun(head, [] if kit.material.voices else told),
        *_listed(kit, "speakers", [f"- {who}" for who in kit.speakers]),
        *_headed(kit, "chapters", [_chapters(kit)]),
        *_headed(kit, "quotes", told if kit.material.voices else []),
        *([] if kit.new else _earlier(kit, head)),
        *_listed(kit, "links", _links(kit)),
    ]
    while len(parts) > 1 and not fits(kit.channel, joined(parts)):
        parts.pop()
    text = joined(parts) or kit.bare()
    summary, line = _summary(kit, text)
    return DraftAnswer(
        title=title_of(kit, NOTES_TITLE),
        summary=summary,
        text=text,
        tags=kit.hashtags[:TAGS],
        receipts=(*receipts(parts), *line),
    )


def _plain(kit: Kit, words: int) -> list[tuple[Extract, Piece]]:
    """Return extracts as plain paragraphs, each speaker named once: a description has no block quotes."""
    pieces: list[tuple[Extract, Piece]] = []
    used = 0
    before: str | None = None
    for number, extract in enumerate(kit.pool()):
        last = pieces[-1][0].work if pieces else None
        kind: Literal["", "again"] = "again" if last and extract.work else ""
        piece = kit.at(kit.turn + number).told(extract, kind=kind, before=before, quoted=last)
        if used + len(piece.text.split()) > words or len(pieces) == MOST:
            continue
        used += len(piece.text.split())
        pieces.append((extract, piece))
        before = extract.speaker
    return pieces


def _chapters(kit: Kit) -> Piece:
    return Piece("\n".join(each.line for each in chapters_of(kit.source_text, kit.marks)))


def _headed(kit: Kit, name: str, pieces: list[Piece]) -> list[Piece]:
    """Return pieces under a heading, none without any; a language without words of ours has no headings."""
    there = [piece for piece in pieces if piece.text]
    heading: str = kit.words.phrases["notes"][name]
    if not there or not heading:
        return there
    first, *rest = there
    return [Piece(f"## {kit.words.say(heading)}\n\n{first.text}", first.receipts), *rest]


def _listed(kit: Kit, name: str, lines: list[str]) -> list[Piece]:
    return _headed(kit, name, [Piece("\n".join(lines))])


def _links(kit: Kit) -> list[str]:
    named = {work.url: kit.words.archive_item(work) for work in kit.works if work.url}
    return [f"- {named.get(link, link)}" for link in kit.links[:LINKS]]


def _earlier(kit: Kit, head: list[Piece]) -> list[Piece]:
    return [quotations(kit, group) for group in from_past(kit, head, least=60, most=QUOTED, pieces=2, first=2)]


def _summary(kit: Kit, text: str) -> tuple[str, tuple[Line, ...]]:
    """Return a sentence that is not in the text already."""
    piece = in_short(kit, SUMMARY, without=text)
    return piece.text, piece.receipts


def _standing(lines: tuple[Line, ...], text: str) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.line in text)
