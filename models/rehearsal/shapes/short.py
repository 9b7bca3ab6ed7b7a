"""One thought in one post: Bluesky, Mastodon, X, Threads."""

from models.rehearsal.material import Extract
from models.rehearsal.shapes.kit import Kit, Piece, joined, receipts
from models.tasks import DraftAnswer

LONG_ENOUGH = 240  # characters: from here on a second sentence makes it no better


def words_first(kit: Kit) -> DraftAnswer:
    """Return a post that begins with the creator's own sentence, and says the news after it."""
    few = kit.turn >= len(kit.pool())  # another channel has begun with each of them
    return _post(kit, news_leads=few and kit.has_way())


def news_first(kit: Kit) -> DraftAnswer:
    """Return a post that begins with the news, and carries it with one sentence."""
    return _post(kit, news_leads=kit.has_way() or not kit.pool())


def _post(kit: Kit, *, news_leads: bool) -> DraftAnswer:
    for extract in [*kit.pool(), None]:
        for pieces in _arrangements(kit, extract, news_leads):
            if pieces and kit.fits(pieces):
                full = _with_second(kit, pieces, extract, news_leads)
                return DraftAnswer(text=joined(full), receipts=receipts(full))
    return DraftAnswer(text=kit.bare())


def _told(kit: Kit, extract: Extract, news_leads: bool, words: int = 0) -> Piece:
    return kit.told(extract, kind="" if news_leads else "after", words=words)


def _arrangements(kit: Kit, extract: Extract | None, news_leads: bool) -> list[list[Piece]]:
    """Return the post with all it could carry, then with less and less."""
    opening = kit.opening()
    told = _told(kit, extract, news_leads) if extract else None
    if told and kit.names_a_topic:  # a heading's words in the middle of a post say nothing
        opening, news_leads = (None if kit.says_the_topic(told.text) else opening), True
    body = [piece for piece in ((opening, told) if news_leads else (told, opening)) if piece]
    if not body:
        return []
    link, tags = Piece(kit.link()), Piece(kit.tags(3))
    if not told:
        return [[*body, link, tags], [*body, link], body]
    return [[*body, link, tags], [*body, link]]


def _with_second(kit: Kit, pieces: list[Piece], extract: Extract | None, news_leads: bool) -> list[Piece]:
    """Let the sentence run on into the next one of its paragraph where there is room."""
    if extract is None or not extract.following or len(joined(pieces)) > LONG_ENOUGH:
        return pieces
    longer, short = _told(kit, extract, news_leads, words=55), _told(kit, extract, news_leads)
    fuller = [longer if piece == short else piece for piece in pieces]
    return fuller if kit.fits(fuller) else pieces
