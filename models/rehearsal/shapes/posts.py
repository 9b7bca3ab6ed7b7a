"""A thread: a first post that gives a reason to read on, posts that each stand alone, the link in the last."""

from core.counting import fits
from models.rehearsal.material import Extract
from models.rehearsal.shapes import short
from models.rehearsal.shapes.kit import Kit, Piece, by_different_works, joined, receipts
from models.tasks import DraftAnswer

LEAST, MOST = 3, 6  # posts
RUN = 40  # words that a post's extract may run on to
BREAK = "\n\n---\n\n"


def thread(kit: Kit) -> DraftAnswer:
    """Return the thread; a single post where there is too little to tell for three."""
    told = _told(kit)
    if told and not (kit.links or kit.statement.invite or kit.day):  # nothing to do at the end: the news comes first
        told[0] = (told[0][0], _with_the_news(kit, told[0][0], told[0][1]))
    whole = joined(piece for _, piece in told)
    last = None if kit.says_the_ask(whole) or (kit.names_a_topic and not kit.links) else _last(kit)
    if len(told) + bool(last) < LEAST:
        return short.words_first(kit)
    posts = [piece for _, piece in _in_order(told)] + ([last] if last else [])
    return DraftAnswer(text=BREAK.join(post.text for post in posts), receipts=receipts(posts))


def _with_the_news(kit: Kit, extract: Extract, first: Piece) -> Piece:
    """Return the first post with what the thread is about before it, where both fit and it is not said already."""
    opening = kit.opening()
    if opening is None or (kit.names_a_topic and kit.says_the_topic(first.text)):
        return first
    for words in (RUN, 0):
        pieces = [opening, kit.told(extract, words=words)]
        if kit.fits(pieces):
            return Piece(joined(pieces), receipts(pieces))
    return first


def _told(kit: Kit) -> list[tuple[Extract, Piece]]:
    chosen: list[tuple[Extract, Piece]] = []
    used: set[str] = set()
    others = [each for each in (*kit.material.source, *kit.material.past) if each not in kit.pool()]
    for extract in by_different_works([*kit.pool(), *others]):
        if len(chosen) == MOST - 1:
            break
        piece = _fitting(kit, extract, len(chosen))
        lines = {line.line for line in piece.receipts} if piece else set()
        if piece and not used & lines:
            chosen.append((extract, piece))
            used |= lines
    return chosen


def _fitting(kit: Kit, extract: Extract, number: int) -> Piece | None:
    """Return the extract as a post, with the sentences after it where they fit; the first one begins with the words."""
    turn = kit.at(kit.turn + number)
    for words in (RUN, 0):
        piece = turn.told(extract, kind="after" if number == 0 else "", words=words)
        if fits(kit.channel, piece.text):
            return piece
    return None


def _in_order(told: list[tuple[Extract, Piece]]) -> list[tuple[Extract, Piece]]:
    """Return the best one first, what is new after it in its own order, then what was said before."""
    first, *rest = told
    return [first, *sorted(rest, key=lambda each: (each[0].work is not None, each[0].order if not each[0].work else 0))]


def _last(kit: Kit) -> Piece | None:
    """Return what it is about with where to read on: the post that carries the link."""
    opening = kit.opening()
    for tail in (kit.read_on(""), Piece(kit.links[0] if kit.links else ""), Piece("")):
        pieces = [piece for piece in (opening, tail) if piece and piece.text]
        if pieces and kit.fits(pieces):
            return Piece(joined(pieces), receipts(pieces))
    return None
