"""Drafts of raw notes: what readers need first, then what room there is for, each in the creator's own words."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from core.channels import channel as rules_of
from core.counting import fits
from core.links import find as find_links
from models.rehearsal.noting import Note, Notes
from models.rehearsal.shapes.kit import Kit, Piece, joined, receipts
from models.rehearsal.shapes.longer import archive
from models.rehearsal.shapes.posts import BREAK
from models.rehearsal.statement import shortened
from models.tasks import DraftAnswer, Line

NEEDED = 2.0  # weight of a note that readers need: when, where, what it costs, how to come by it
TITLE, SUBJECT, PREHEADER, SUMMARY, FIRST = 70, 60, 110, 160, 70  # characters
CAPTION, POST, DESCRIPTION, SHORT = 900, 1300, 1500, 480  # characters
THIN = 60  # words of a letter, under which older pieces are named below it
SLIDES = 8
TAGS = 5

Lines = list[tuple[Note, ...]]


def draft(kit: Kit) -> DraftAnswer:
    """Return the draft of notes for the kit's channel."""
    place = rules_of(kit.channel)
    if kit.thread and place.threads:
        return _thread(kit)
    return _SHAPES[place.name](kit)


def _short(kit: Kit) -> DraftAnswer:
    tail = [Piece(_link(kit)), Piece(kit.tags(2))]
    return _post(kit, SHORT, tail)


def _caption(kit: Kit) -> DraftAnswer:
    return _post(kit, CAPTION, [Piece(kit.tags(TAGS))])


def _long_post(kit: Kit) -> DraftAnswer:
    return _post(kit, POST, [_read_on(kit), Piece(kit.tags(3))])


def _bulletin(kit: Kit) -> DraftAnswer:
    made = _post(kit, POST, [_read_on(kit)])
    return made.model_copy(update={"title": _title(kit, TITLE), "tags": kit.hashtags[:TAGS]})


def _post(kit: Kit, most: int, tail: Sequence[Piece]) -> DraftAnswer:
    """Return what is needed most, as much as there is room for, in the notes' order; link and tags where they fit."""
    head = _head(kit)

    def made(lines: Lines, tail: Sequence[Piece]) -> list[Piece]:
        body = [_told(line) for line in lines] if most <= SHORT else _paragraphs(lines)
        return [*head, *body, *_without_repeats(tail, lines)]

    room = [each for each in tail if each]
    while room and not kit.fits(made(_usable(kit)[:1], room)):
        room.pop()
    lines = _chosen(kit, lambda lines: kit.fits(made(lines, room)) and len(joined(made(lines, room))) <= most)
    return _answer(kit, made(lines, room) if lines or head else [])


def _letter(kit: Kit) -> DraftAnswer:
    body = _body(kit)
    if sum(len(piece.text.split()) for piece in body) < THIN and not kit.links:
        body += archive(kit, [])
    subject = _title(kit, SUBJECT)
    made = _answer(kit, [*body, _read_on(kit, joined(body))])
    return made.model_copy(
        update={"title": _title(kit, TITLE), "subject": subject, "preheader": _after(kit, subject, PREHEADER)}
    )


def _article(kit: Kit) -> DraftAnswer:
    body = _body(kit)
    made = _answer(kit, [*body, _read_on(kit, joined(body))])
    title = _title(kit, TITLE)
    return made.model_copy(update={"title": title, "summary": _after(kit, title, SUMMARY), "tags": kit.hashtags[:TAGS]})


def _description(kit: Kit) -> DraftAnswer:
    made = _post(kit, DESCRIPTION, [_read_on(kit), Piece(kit.tags(3))])
    clean = made.text.translate({ord("<"): None, ord(">"): None})
    lines = tuple(line for line in made.receipts if line.line in clean)
    title = _title(kit, 100).translate({ord("<"): None, ord(">"): None})
    return made.model_copy(update={"text": clean, "title": title, "tags": kit.hashtags[:TAGS], "receipts": lines})


def _slides(kit: Kit) -> DraftAnswer:
    """Return a first slide that says what it is, the lines in their order, and the whole news as the caption."""
    first = Piece(_title(kit, FIRST))
    shown = [piece for line in _in_need(kit) for piece in _of_a_slide(kit, line)]
    shown = [piece for piece in shown if piece.text.rstrip(".") != first.text.rstrip(".")][: SLIDES - 1]
    caption = _caption(replace(kit, channel="instagram"))
    pieces = [first, *shown]
    return DraftAnswer(
        text=BREAK.join(piece.text for piece in pieces if piece.text),
        summary=caption.text,
        receipts=(*receipts(pieces), *caption.receipts),
    )


def _thread(kit: Kit) -> DraftAnswer:
    """Return posts of as many lines as each has room for."""
    posts: list[list[Piece]] = [[]]
    for piece in [*_head(kit), *map(_told, _in_need(kit)), Piece(_link(kit))]:
        if piece and not kit.fits([*posts[-1], piece]) and posts[-1]:
            posts.append([])
        posts[-1] += [piece] if piece and kit.fits([piece]) else []
    whole = [piece for post in posts for piece in post]
    return DraftAnswer(text=BREAK.join(joined(post) for post in posts if post) or kit.bare(), receipts=receipts(whole))


def _head(kit: Kit) -> list[Piece]:
    """Return what stands before the notes: a person's premise, or the ask's news where no line of theirs says it."""
    if kit.premise:
        return [Piece(kit.premise)]
    told = kit.notes
    about = kit.statement.about
    if told is None or told.headed or kit.statement.origin != "brief" or not about or kit.says_the_topic(told.text):
        return []
    text = f"{about[:1].upper()}{about[1:].rstrip('.:;, ')}."
    return [Piece(text, (Line(line=text, quote=about.rstrip(".:;, "), origin="brief"),))]


def _body(kit: Kit) -> list[Piece]:
    """Return all that may be told; what readers need first."""
    return [*_head(kit), *_paragraphs(_in_need(kit))]


def _paragraphs(lines: Lines) -> list[Piece]:
    """Return lines as paragraphs, those that stand in a list together as a list."""
    pieces: list[Piece] = []
    for listed, group in groupby(lines, key=lambda line: line[0].listed):
        told = [_told(line) for line in group]
        if listed and len(told) > 1:
            told = [Piece("\n".join(f"- {each.text}" for each in told), receipts(told))]
        pieces += told
    return pieces


def _told(line: Sequence[Note]) -> Piece:
    """Return notes of one line as a paragraph, each with its receipt."""
    lines = tuple(made for note in line for made in _receipts(note))
    return Piece(" ".join(note.text for note in line), lines)


def _receipts(note: Note) -> tuple[Line, ...]:
    if len(note.parts) == 1:
        return (Line(line=note.text, quote=note.parts[0], origin="source"),)
    first, *rest = note.parts
    begun = first[:1].upper() + first[1:]
    return tuple(
        Line(line=said, quote=part, origin="source") for said, part in zip((begun, *rest), (first, *rest), strict=True)
    )


def _of_a_slide(kit: Kit, line: Sequence[Note]) -> list[Piece]:
    """Return a line as one slide where it fits, else a slide for each of its sentences that does."""
    whole = _told(line)
    if fits(kit.channel, whole.text):
        return [whole]
    return [piece for piece in (_told([note]) for note in line) if fits(kit.channel, piece.text)]


def _usable(kit: Kit) -> Lines:
    """Return the lines without the sentences whose link can't be followed here."""
    assert kit.notes is not None
    if rules_of(kit.channel).links.clickable:
        return kit.notes.lines()
    lines = [tuple(note for note in line if not find_links(note.text)) for line in kit.notes.lines()]
    return [line for line in lines if line]


def _in_need(kit: Kit) -> Lines:
    """Return the lines with what readers need first: the news, then when, where, how much and how, then the rest."""
    if kit.notes and kit.notes.correction:  # what happened, in the order in which it is told
        return _usable(kit)
    first, *rest = _usable(kit) or [()]
    needed = [line for line in rest if max(note.weight for note in line) >= NEEDED]
    others = [line for line in rest if line not in needed]
    return [line for line in (first, *needed, *others) if line]


def _chosen(kit: Kit, fit: Callable[[Lines], bool]) -> Lines:
    """Return the notes that are needed most and fit together, in their own order.

    What is not needed leans on what stands before it in its line, so it is taken only after that.
    """
    notes = kit.notes or Notes()
    usable = _usable(kit)
    units = list(usable) if notes.correction else [(note,) for line in usable for note in line]
    before = {note.order: line[place - 1] if place else None for line in usable for place, note in enumerate(line)}
    taken: set[Note] = set()
    for unit in sorted(units, key=lambda each: (-max(note.weight for note in each), each[0].order)):
        needed = max(note.weight for note in unit) >= NEEDED
        leans = before[unit[0].order]
        if (needed or leans is None or leans in taken) and fit(_among(usable, taken | set(unit))):
            taken |= set(unit)
    return _among(usable, taken)


def _among(lines: Lines, taken: set[Note]) -> Lines:
    kept = [tuple(note for note in line if note in taken) for line in lines]
    return [line for line in kept if line]


def _title(kit: Kit, longest: int) -> str:
    """Return a title: the angle's, the notes' first line where it is one, else what the ask says."""
    notes = kit.notes or Notes()
    asked = kit.statement.about if kit.statement.origin == "brief" else ""
    texts = [kit.title, kit.source_title, notes.title() if notes.headed else asked, asked or notes.title()]
    text = next(filter(None, texts), "")
    return shortened(text[:1].upper() + text[1:], longest)


def _after(kit: Kit, title: str, longest: int) -> str:
    """Return what readers need besides the title, as many sentences as there is room for."""
    said = ""
    needed = [note for note in _all(kit) if note.weight >= NEEDED and note.text.rstrip(".") not in title]
    for note in needed or [line[0] for line in _usable(kit)]:
        more = f"{said} {note.text}".strip()
        if len(more) <= longest and note.text.rstrip(".") not in title and title not in note.text:
            said = more
    return said


def _all(kit: Kit) -> list[Note]:
    return [note for line in _usable(kit) for note in line]


def _link(kit: Kit) -> str:
    return kit.links[0] if kit.links and rules_of(kit.channel).links.clickable else ""


def _read_on(kit: Kit, before: str = "") -> Piece:
    link = _link(kit)
    return kit.read_on(before) if link and link not in before else Piece("")


def _without_repeats(tail: Sequence[Piece], lines: Lines) -> list[Piece]:
    """Return the end of a post without a link that a line says already."""
    said = " ".join(note.text for line in lines for note in line)
    return [piece for piece in tail if not any(link.text in said for link in find_links(piece.text))]


def _answer(kit: Kit, pieces: Sequence[Piece]) -> DraftAnswer:
    text = joined(pieces)
    return DraftAnswer(text=text, receipts=receipts(pieces)) if text else DraftAnswer(text=kit.bare())


_SHAPES: dict[str, Callable[[Kit], DraftAnswer]] = {
    "bluesky": _short,
    "mastodon": _short,
    "x": _short,
    "threads": _short,
    "linkedin": _long_post,
    "instagram": _caption,
    "webhook": _bulletin,
    "newsletter": _letter,
    "site": _article,
    "wordpress": _article,
    "youtube": _description,
    "shownotes": _article,
    "carousel": _slides,
}
