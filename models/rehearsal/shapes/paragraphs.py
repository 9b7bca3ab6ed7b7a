"""A few short paragraphs: a LinkedIn post, an Instagram caption, what a webhook carries."""

from typing import Literal

from models.rehearsal.material import Extract
from models.rehearsal.shapes.kit import Kit, Piece, by_different_works, joined, receipts
from models.rehearsal.shapes.longer import title_of
from models.tasks import DraftAnswer

POST = (600, 1300)  # characters
CAPTION = (250, 700)
TITLE, TAGS = 70, 5  # of a bulletin


def post(kit: Kit) -> DraftAnswer:
    """Return a LinkedIn post: the news, two or three things said about it, where to read on."""
    return _paragraphs(kit, POST, tail=[_read_on(kit), Piece(kit.tags(3))])


def bulletin(kit: Kit) -> DraftAnswer:
    """Return what may be shown anywhere: a title, paragraphs as of a LinkedIn post, tags beside them."""
    made = _paragraphs(kit, POST, tail=[_read_on(kit)])
    return made.model_copy(update={"title": title_of(kit, TITLE), "tags": kit.hashtags[:TAGS]})


def caption(kit: Kit) -> DraftAnswer:
    """Return an Instagram caption: no link (it would not work), up to five hashtags."""
    return _paragraphs(kit, CAPTION, tail=[Piece(kit.tags(5))])


def _read_on(kit: Kit) -> Piece:
    link = kit.link()
    choices: list[str] = kit.words.phrases["read_on"]
    return Piece(kit.words.say(choices[kit.turn % len(choices)], link=link) if link else "")


def _paragraphs(kit: Kit, size: tuple[int, int], tail: list[Piece]) -> DraftAnswer:
    least, most = size
    head = kit.head()
    body = _in_order(kit, head, _chosen(kit, head, tail, least, most))
    pieces = [*body, *(piece for piece in tail if piece.text)]
    if not body or not kit.fits(pieces):
        return DraftAnswer(text=kit.bare())
    return DraftAnswer(text=joined(pieces), receipts=receipts(pieces))


def _chosen(kit: Kit, head: list[Piece], tail: list[Piece], least: int, most: int) -> list[tuple[Extract, Piece]]:
    """Return what is told, until there is enough to read; one work (or paragraph) after the other."""
    chosen: list[tuple[Extract, Piece]] = []
    used: set[str] = set()
    for extract in by_different_works(kit.pool() + _others(kit)):
        so_far = [*head, *(piece for _, piece in chosen)]
        if len(joined(so_far)) >= least and len(so_far) > 2:
            break
        quoted = sum(each.work is not None for each, _ in chosen)
        before = chosen[-1][0].speaker if chosen else None
        kind: Literal["", "again"] = "again" if quoted and extract.work else ""
        last = next((each.work for each, _ in reversed(chosen) if each.work), None)
        named = any((each.speaker, each.work) == (extract.speaker, extract.work) for each, _ in chosen)
        piece = kit.at(kit.turn + quoted).told(extract, kind=kind, words=45, before=before, quoted=last, named=named)
        candidate = [*so_far, piece, *tail]
        if not used & {line.line for line in piece.receipts} and len(joined(candidate)) <= most and kit.fits(candidate):
            chosen.append((extract, piece))
            used |= {line.line for line in piece.receipts}
    return chosen


def _in_order(kit: Kit, head: list[Piece], chosen: list[tuple[Extract, Piece]]) -> list[Piece]:
    """Tell new material in its own order: what happened first comes first. Named speakers stay as they were chosen."""
    if not any(extract.speaker for extract, _ in chosen):
        chosen = sorted(
            chosen, key=lambda each: (each[0].work is not None, each[0].order if each[0].work is None else 0)
        )
    return kit.begun(head, [piece for _, piece in chosen], [kit.told(extract, words=45) for extract, _ in chosen])


def _others(kit: Kit) -> list[Extract]:
    """Return what else there is: the rest of the material, past pieces after new material."""
    pool = {extract.text for extract in kit.pool()}
    return [each for each in (*kit.material.source, *kit.material.past) if each.text not in pool]
