"""Drafts by extraction: the creator's own sentences, the ask's own words, and listed connecting phrases."""

import re

from core.channels import channel as rules_of
from core.links import find as find_links
from models.rehearsal.connectors import connectors
from models.rehearsal.material import gather
from models.rehearsal.reading import plain_line
from models.rehearsal.shapes import TURNS, shape
from models.rehearsal.shapes.kit import Kit
from models.rehearsal.statement import read_ask, refuse_art
from models.rehearsal.vectors import Vectors
from models.tasks import DraftAnswer, DraftRequest, VoiceNotes

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


def kit_for(request: DraftRequest, vectors: Vectors) -> Kit:
    """Return all that the draft of this request is made from."""
    plural = speaks_as_many(request.ask, request.voice)
    refuse_art(request.ask)
    words = connectors(request.locale, plural=plural)
    statement = read_ask(request.ask, words, plain_line(request.source.title))
    topic = " ".join(part for part in (statement.about, statement.more, request.source.title) if part)
    angle = request.angle
    material = gather(request, topic, vectors, plural=plural, angle=angle)
    if not rules_of(request.channel).links.clickable:
        material = material.where(lambda extract: not find_links(extract.text))
    return Kit(
        channel=request.channel,
        turn=TURNS[rules_of(request.channel).name] + request.variant - 1,
        statement=statement,
        material=material,
        words=words,
        works=request.works,
        links=request.links,
        hashtags=request.hashtags,
        title=plain_line(angle.title) if angle else "",
        source_title=plain_line(request.source.title),
        premise=plain_line(angle.premise) if angle and not words.made(angle.premise) else "",
    )
