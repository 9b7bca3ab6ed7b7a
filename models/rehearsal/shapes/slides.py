"""A carousel's words: a first slide that says why, then one thought a slide, each short enough to read in passing."""

from core.counting import fits
from core.links import links_in
from models.rehearsal.shapes.kit import Kit, Piece, by_different_works, joined, receipts
from models.rehearsal.shapes.longer import title_of
from models.rehearsal.shapes.posts import BREAK
from models.tasks import DraftAnswer, Line

FIRST = 70  # characters: about twelve words
MOST = 7  # slides
CAPTION = 400  # characters


def slides(kit: Kit) -> DraftAnswer:
    """Return the slides, and the caption as `summary`; what is told on a slide is not told again in the caption."""
    first = _first(kit)
    told = [piece for piece in [*_shown(kit), *_told(kit)] if piece.text.rstrip(".") != first.text.rstrip(".")]
    told = told[: MOST - 2] if kit.pictures else told
    caption, under = _caption(kit.at(kit.turn + 1), {line.line for piece in told for line in piece.receipts})
    shown = [first, *told, *_last(kit)]
    if not told:
        alone = kit.opening() or Piece(kit.bare())
        return DraftAnswer(text=alone.text, receipts=alone.receipts)
    text = BREAK.join(piece.text for piece in shown if piece.text)
    return DraftAnswer(text=text, summary=caption, receipts=(*receipts(shown), *under.receipts))


def _first(kit: Kit) -> Piece:
    """Return what it is about as a slide: the opening where it is short, else as a title is."""
    opening = kit.opening()
    return opening if opening and fits(kit.channel, opening.text) else Piece(title_of(kit, FIRST))


def _shown(kit: Kit) -> list[Piece]:
    """Return a slide for each picture, in the words that say what it shows."""
    lines = [f"{alt[:1].upper()}{alt[1:].rstrip('. ')}." for alt in kit.pictures if alt.strip()]
    pieces = [Piece(line, (Line(line=line, quote=line.rstrip("."), origin="brief"),)) for line in lines]
    return [piece for piece in pieces if fits(kit.channel, piece.text)]


def _told(kit: Kit) -> list[Piece]:
    chosen: list[tuple[tuple[bool, int], Piece]] = []
    others = [each for each in (*kit.material.source, *kit.material.past) if each not in kit.pool()]
    for extract in by_different_works([*kit.pool(), *others]):
        quoted = sum(past for (past, _), _ in chosen)
        piece = kit.at(kit.turn + quoted).told(extract, kind="again" if quoted and extract.work else "")
        if fits(kit.channel, piece.text) and len(chosen) < MOST - 2:
            chosen.append(((extract.work is not None, extract.order if extract.work is None else len(chosen)), piece))
    return [piece for _, piece in sorted(chosen, key=lambda each: each[0])]


def _last(kit: Kit) -> list[Piece]:
    """Return the slide that says where all of it stands; none where the material has no title."""
    choices: list[str] = kit.words.phrases["slides"]["last"]
    if not kit.source_title or not choices:
        return []
    piece = Piece(kit.words.say(choices[kit.turn % len(choices)], title=kit.source_title.strip("“”")))
    there = fits(kit.channel, piece.text) and not links_in(piece.text)  # a title such as "beta.ada.gov" is a link too
    return [piece] if there else []


def _caption(kit: Kit, used: set[str]) -> tuple[str, Piece]:
    pieces = [piece for piece in (kit.opening(), kit.aside()) if piece]
    for extract in (*kit.material.source, *kit.material.past):
        piece = kit.told(extract)
        if extract.text not in used and len(joined([*pieces, piece])) <= CAPTION:
            pieces.append(piece)
            break
    text = joined([*pieces, Piece(kit.tags_of(5))])
    return text, Piece(text, receipts(pieces))
