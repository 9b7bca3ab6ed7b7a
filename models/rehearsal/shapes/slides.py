"""A carousel's words: a first slide that says why, then one thought a slide, each short enough to read in passing."""

import re

from core.counting import fits
from core.links import links_in
from core.sentences import split
from models.rehearsal.shapes.kit import Kit, Piece, by_different_works, joined, receipts
from models.rehearsal.shapes.longer import title_of
from models.rehearsal.shapes.posts import BREAK
from models.rehearsal.statement import shortened
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
    shown = [first, *told, *(piece for piece in _last(kit) if piece.text.rstrip(".") != first.text.rstrip("."))]
    if not told:
        return _of_the_ask(kit, first)
    text = BREAK.join(piece.text for piece in shown if piece.text)
    return DraftAnswer(text=text, summary=caption, receipts=(*receipts(shown), *under.receipts))


def _first(kit: Kit) -> Piece:
    """Return what it is about as a slide: the opening where it is short, else as a title is."""
    opening = kit.opening()
    return opening if opening and fits(kit.channel, opening.text) else Piece(title_of(kit, FIRST))


def _of_the_ask(kit: Kit, first: Piece) -> DraftAnswer:
    """Return slides of the ask's own words where nothing else is there: what it is, what more is said, where it stands.

    A single line stays one slide, which no carousel is; the check says so, for the same words twice would be no better.
    """
    aside = kit.aside()
    more = [span.text for span in split(aside.text)] if aside else []
    said = [Piece(text, (Line(line=text, quote=text, origin="brief"),)) for text in more if fits(kit.channel, text)]
    cover = _cover(kit, first) if not said else first
    opening = kit.opening()
    start = [cover, opening] if opening and cover.text != first.text else [first]
    shown = [*start, *said[: MOST - 2], *_last(kit)]
    shown = shown if len(shown) > 1 or not opening else [opening]
    return DraftAnswer(text=BREAK.join(piece.text for piece in shown), receipts=receipts(shown))


def _cover(kit: Kit, first: Piece) -> Piece:
    """Return what the ask is about up to its first natural border, for a cover; the slide after it says the whole."""
    whole = kit.statement.title(FIRST)
    short = next((made for size in range(16, len(whole), 4) if _is_cover(made := shortened(whole, size), whole)), "")
    return Piece(short) if short else first


def _is_cover(short: str, whole: str) -> bool:
    """Say whether it is a part that stands by itself: it ends at a border, not in the middle of a name."""
    after = whole[len(short) :]
    return len(short.split()) >= 2 and re.match(r"[,;:–—(]|\s+(?:for|with|from|by|about|in|at|on)\s", after) is not None


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
        piece = kit.at(kit.turn + quoted).told(extract, kind="apart" if extract.work else "")
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
    pieces = kit.head()
    for extract in (*kit.material.source, *kit.material.past):
        piece = kit.told(extract)
        if extract.text not in used and len(joined([*pieces, piece])) <= CAPTION:
            pieces.append(piece)
            break
    text = joined([*pieces, Piece(kit.tags_of(5))])
    return text, Piece(text, receipts(pieces))
