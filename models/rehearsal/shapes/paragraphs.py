"""A few short paragraphs: a LinkedIn post, an Instagram caption."""

from models.rehearsal.material import Extract
from models.rehearsal.shapes.kit import Kit, Piece, by_different_works, joined, receipts
from models.tasks import DraftAnswer

POST = (600, 1300)  # characters
CAPTION = (250, 700)


def post(kit: Kit) -> DraftAnswer:
    """Return a LinkedIn post: the news, two or three things said about it, where to read on."""
    link = kit.link()
    choices: list[str] = kit.words.phrases["read_on"]
    read_on = kit.words.say(choices[kit.turn % len(choices)], link=link) if link else ""
    return _paragraphs(kit, POST, tail=[Piece(read_on), Piece(kit.tags(3))])


def caption(kit: Kit) -> DraftAnswer:
    """Return an Instagram caption: no link (it would not work), up to five hashtags."""
    return _paragraphs(kit, CAPTION, tail=[Piece(kit.tags(5))])


def _paragraphs(kit: Kit, size: tuple[int, int], tail: list[Piece]) -> DraftAnswer:
    least, most = size
    opening = kit.opening()
    body = [piece for piece in (opening, kit.aside()) if piece]
    used: set[str] = set()
    quoted = 0
    speaker: str | None = None
    for extract in by_different_works(kit.pool() + _others(kit)):
        if len(joined(body)) >= least and len(body) > 2:
            break
        if extract.text in used:
            continue
        again = quoted > 0 and extract.work is not None
        piece = kit.at(kit.turn + quoted).told(extract, kind="again" if again else "", words=45, before=speaker)
        candidate = [*body, piece]
        if len(joined([*candidate, *tail])) <= most and kit.fits([*candidate, *tail]):
            body = candidate
            used |= {line.line for line in piece.receipts}
            quoted += extract.work is not None
            speaker = extract.speaker
    pieces = [*body, *(piece for piece in tail if piece.text)]
    if not body or not kit.fits(pieces):
        return DraftAnswer(text=kit.bare())
    return DraftAnswer(text=joined(pieces), receipts=receipts(pieces))


def _others(kit: Kit) -> list[Extract]:
    """Return what else there is: the rest of the material, past pieces after new material."""
    pool = {extract.text for extract in kit.pool()}
    return [each for each in (*kit.material.source, *kit.material.past) if each.text not in pool]
