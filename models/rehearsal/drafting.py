"""Drafts by extraction: the creator's own sentences, the ask's own words, and listed connecting phrases."""

import re

from core.channels import channel as rules_of
from core.links import find as find_links
from models.rehearsal.coming import day_said, points_ahead
from models.rehearsal.connectors import connectors
from models.rehearsal.material import gather
from models.rehearsal.noting import Notes, notes_of
from models.rehearsal.reading import everybody, plain_line, sentences
from models.rehearsal.shapes import TURNS, shape
from models.rehearsal.shapes.kit import Kit
from models.rehearsal.statement import Statement, read_ask, refuse_art
from models.rehearsal.vectors import Vectors, stems
from models.tasks import DraftAnswer, DraftRequest, PastWork, VoiceNotes

TWICE = 0.6  # share of words in common from which a sentence says what the ask says
PARTS = ("launch", "teaser", "reminder")  # a campaign's parts open in different ways
_ITS_DAY = re.compile(r"((?:Coming on|Out since) [^.]+\.)\s*$")
_QUOTED = re.compile(r"[“\"]([^“”\"]+)[”\"]")
_ADDRESS = re.compile(r"https?(?:://\S*)?|(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_ONE = re.compile(r"\b(?:I|I['’]\w+|my|me|mine)\b")
_MANY = re.compile(r"\b(?:we|we['’]\w+|our|us|ours)\b", re.IGNORECASE)


def draft(request: DraftRequest, vectors: Vectors) -> DraftAnswer:
    """Return the draft for one channel; the same request gives the same draft."""
    return shape(kit_for(request, vectors))


def speaks_as_many(ask: str, voice: VoiceNotes) -> bool:
    """Say whether the creator says "we": by their own passages where those tell, else by the ask."""
    for text in (" ".join(voice.exemplars), ask):
        one, many = len(_ONE.findall(text)), len(_MANY.findall(text))
        if one != many:
            return many > one
    return True


def named_or_all(works: tuple[PastWork, ...], ask: str) -> tuple[PastWork, ...]:
    """Return the one work whose whole title the ask names in quotation marks; all where it names none."""
    quoted = {each.casefold().strip(" .") for each in _QUOTED.findall(ask)}
    named = tuple(work for work in works if work.title.casefold().strip(" .") in quoted)
    return named[:1] or works


def _says_the_same(text: str, statement: Statement) -> bool:
    """Say whether a sentence says in other words what the ask says: told after it, it would be said twice."""
    words = set(stems(text))
    return any(
        len(words & said) >= TWICE * len(words | said)
        for each in (statement.about, statement.more)
        for part in sentences(each)
        if (said := set(stems(part.text)))
    )


def _part(request: DraftRequest) -> int:
    return PARTS.index(request.campaign.phase) if request.campaign else 0


def _without_its_day(request: DraftRequest) -> tuple[str, str]:
    """Return a campaign's ask without the sentence that says the day, and that sentence (core.campaigns)."""
    found = _ITS_DAY.search(request.ask) if request.campaign else None
    return (request.ask[: found.start()].rstrip(), found[1]) if found else (request.ask, "")


def _title_of(text: str) -> str:
    title = plain_line(text)
    return title if any(char.isalnum() for char in title) else ""


def _link_of(named: tuple[PastWork, ...]) -> tuple[str, ...]:
    return tuple(work.url for work in named if work.url)


def _fitting(request: DraftRequest) -> tuple[str, ...]:
    """Return the hashtags whose words the ask or new material has: near works may be about something else."""
    if not request.source.text:
        return request.hashtags
    said = _spaced(_ADDRESS.sub(" ", f"{request.ask} {request.source.title} {request.source.text}"))
    return tuple(tag for tag in request.hashtags if _spaced(tag) in said and not _ADDRESS.fullmatch(tag))


def _spaced(text: str) -> str:
    """Return the words of a text with one space around each, so that a phrase is found as a whole."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "


def _bare_links(notes: Notes | None) -> set[str]:
    """Return the addresses that notes name without a protocol: a draft may say them as they stand there."""
    return {link.text for link in find_links(notes.text)} if notes else set()


def _without_what_is_kept_back(request: DraftRequest, notes: Notes, ask: str) -> DraftRequest:
    """Return a request whose material is what the notes tell, with the links that stand in that or in the ask."""
    source, kept = request.source, f"{notes.text} {ask}"
    links = tuple(link for link in request.links if link in kept or link not in source.text)
    told = source.model_copy(update={"text": notes.text})
    return request.model_copy(update={"source": told, "links": links})


def kit_for(request: DraftRequest, vectors: Vectors) -> Kit:
    """Return all that the draft of this request is made from."""
    plural = speaks_as_many(request.ask, request.voice)
    refuse_art(request.ask)
    words = connectors(request.locale, plural=plural)
    given = request.works
    works = named_or_all(given, request.ask)
    request = request.model_copy(update={"works": works})
    ask, day = _without_its_day(request)
    ahead = points_ahead(request.ask, request.source.text)
    title = _title_of(request.source.title) or (plain_line(works[0].title) if len(works) == 1 else "")
    known = request.campaign is not None and request.campaign.phase == "reminder"
    statement = read_ask(ask, words, title, ahead=ahead, known=known)
    wish = ask if statement.origin == "source" else ""  # which part of a piece is wanted: "…, with the dogs in"
    topic = " ".join(part for part in (statement.about, statement.more, request.source.title, wish) if part)
    angle = request.angle
    material = gather(request, topic, vectors, plural=plural, angle=angle, sparing=True)
    notes = notes_of(request)
    if notes is None:
        material = material.where(lambda extract: not _says_the_same(extract.text, statement))
    else:  # from here on nothing sees what they keep back
        request = _without_what_is_kept_back(request, notes, ask)
    own = set(request.links) | _bare_links(notes) if rules_of(request.channel).links.clickable else set()
    material = material.where(lambda extract: all(each.text in own for each in find_links(extract.text)))
    return Kit(
        channel=request.channel,
        turn=TURNS[rules_of(request.channel).name] + request.variant - 1 + _part(request),
        statement=statement,
        material=material,
        words=words,
        works=request.works,
        links=request.links or _link_of(works if works != given else ()),
        hashtags=_fitting(request),
        title=plain_line(angle.title) if angle and (request.variant > 1 or not words.made(angle.premise)) else "",
        source_title=_title_of(request.source.title),
        day=day or (day_said(request.source.text) if ahead else ""),
        day_from="brief" if day else "source",
        thread=request.form == "thread",
        source_text=request.source.text,
        notes=notes,
        pictures=request.pictures,
        marks=request.marks,
        speakers=everybody(request.source.text),
        premise=plain_line(angle.premise) if angle and not words.made(angle.premise) else "",
    )
