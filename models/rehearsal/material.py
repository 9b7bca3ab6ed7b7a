"""What a draft may be made of: the creator's own sentences that can stand alone, best first."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from core.languages import detect
from models.rehearsal.machine import said_to_a_machine
from models.rehearsal.noting import Notes, notes_of
from models.rehearsal.reading import Sentence, as_it_stands, sentences, speakers
from models.rehearsal.selecting import positions, varied, z
from models.rehearsal.standing import can_follow, goes_on, is_dated, salience, stands_alone
from models.rehearsal.vectors import Vectors, stems
from models.tasks import ChosenAngle, Line, PastWork, Source

_INTERVIEW = re.compile(r"\b(?:interview|questions (?:with|for)|q ?& ?a|conversation with|spotlight)\b", re.I)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’]\w+|my|me)\b")
if TYPE_CHECKING:
    from models.rehearsal.selecting import Matrix

POOL = 240  # sentences of a long source that are looked at closely
KEPT = 14  # extracts of each kind that shapes choose from
ALIKE = 0.75  # share of words in common from which two sentences say the same
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s*(?=\S)")
_INSTALMENT = re.compile(
    r"\b(?:episod[eio]|épisode|episódio|folge|avsnitt|afsnit|aflevering|ep|issue|ausgabe|numéro|número|numero|nummer|"
    r"number|no|nr|part|parte|teil|partie|chapter|kapitel|capítulo|season|week|vol|volume)\b\.?\s*#?\d+\b",
    re.IGNORECASE,
)
RELEVANT = 0.16  # least nearness to the topic
NEAR, NEAR_WITH_WORDS = 0.6, 0.5  # of the nearest sentence's own nearness: without, and with, words of the topic
AS_NEAR_AS_COUNTS = 0.6  # a sentence that only says the topic again is nearer, and makes no other one weaker by that
HALF_AS_NEAR = 0.5  # … and least share of the nearest sentence's
FEW_WORDS = 2  # of a topic
FEW_PIECES = 4  # from so many on it can be told what half of them have
TOPIC_WORDS = 12  # that a source uses most
NEIGHBOURS = 0.35  # how much the other sentences of the same piece count


@dataclass(frozen=True)
class Extract:
    """A sentence that can stand alone, and the sentences after it that may go with it."""

    text: str
    quote: str  # as it stands in the material
    work: PastWork | None  # None: the brief's source
    speaker: str | None = None
    order: int = 0
    paragraph: int = 0
    following: tuple["Extract", ...] = ()

    def line(self) -> Line:
        """Return the receipt of this sentence."""
        if self.work is None:
            return Line(line=self.text, quote=self.quote, origin="source")
        return Line(line=self.text, work_id=self.work.id, quote=self.quote, origin="work")

    def run(self, words: int) -> tuple["Extract", ...]:
        """Return this sentence and as many of the next ones as `words` allow."""
        taken, used = [self], len(self.text.split())
        for after in self.following:
            used += len(after.text.split())
            if used > words:
                break
            taken.append(after)
        return tuple(taken)


@dataclass(frozen=True)
class Material:
    """Extracts of the source and of past works, each list best first and varied."""

    source: tuple[Extract, ...] = ()
    past: tuple[Extract, ...] = ()
    voices: tuple[str, ...] = field(default=())  # who speaks in the source, if it is a transcript

    def where(self, usable: Callable[[Extract], bool]) -> "Material":
        """Return the part of it that is usable."""
        return replace(self, source=tuple(filter(usable, self.source)), past=tuple(filter(usable, self.past)))


class Asked(Protocol):
    """The part of a request that says what there is."""

    @property
    def source(self) -> Source: ...  # noqa: D102
    @property
    def works(self) -> tuple[PastWork, ...]: ...  # noqa: D102
    @property
    def ask(self) -> str: ...  # noqa: D102
    @property
    def locale(self) -> str: ...  # noqa: D102


def gather(
    request: Asked,
    topic: str,
    vectors: Vectors,
    *,
    plural: bool = True,
    angle: ChosenAngle | None = None,
    sparing: bool = False,
) -> Material:
    """Return what the request's source and works offer on the topic.

    `sparing` is for a draft: without a source, only pieces that speak of the topic are quoted.
    """
    notes = notes_of(request)
    voices = tuple(speakers(request.source.text))
    known = frozenset(stems(f"{topic} {request.source.title}"))
    source = (
        _from_notes(notes)
        if notes is not None
        else _from_text(request.source.text, None, request.locale, fresh=True, voices=voices, about=known)
    )
    if not request.source.own and not voices:  # somebody else's words are quoted, and go by their name
        voices = (request.source.by or request.source.title,)
        source = [_of_another(extract, voices[0]) for extract in source]
    topic = topic or request.source.title
    ranked_source = (
        source
        if notes is not None
        else _rank_source(source, request.source.title, topic, vectors, transcript=bool(voices) and request.source.own)
    )
    topic = topic or " ".join(extract.text for extract in ranked_source[:3])
    told = {extract.text for extract in source}
    past = [extract for extract in _unlike(_from_works(request)) if extract.text not in told]
    if sparing:
        led = angle.premise if angle else ""
        others = [each for each in past if each.text not in led]
        fitting = _near_source(others, topic, ranked_source) if source else _on_topic(others, topic)
        past = [each for each in past if each.text in led] + fitting
    return Material(
        source=tuple(ranked_source), past=tuple(_rank_past(past, topic, vectors, plural, angle)), voices=voices
    )


def _from_works(request: Asked) -> list[Extract]:
    return [
        extract
        for work in request.works
        for passage in work.passages
        for extract in _from_text(passage, work, request.locale, fresh=False)
    ]


def _near_source(past: list[Extract], topic: str, source: Sequence[Extract]) -> list[Extract]:
    """Return what has words in common with new material: a recall always finds something, fitting or not.

    Its piece must have several of the words that the ask and the material use most, or the sentence two of them.
    """
    said = Counter(word for extract in source for word in set(stems(extract.text)))
    asked = {*stems(topic), *(word for word, times in said.most_common(TOPIC_WORDS) if times > 1)} - _house_words(past)

    def fits(each: Extract, work: PastWork) -> bool:
        piece = asked & set(stems(" ".join([work.title, *work.passages])))
        return len(asked & set(stems(f"{work.title} {each.text}"))) >= FEW_WORDS and len(piece) > FEW_WORDS

    return [each for each in past if each.work and fits(each, each.work)]


def _house_words(past: Sequence[Extract]) -> set[str]:
    """Return the words that half of the recalled pieces have: a creator's own name and trade tell no matter apart."""
    pieces = {each.work.id: set(stems(" ".join([each.work.title, *each.work.passages]))) for each in past if each.work}
    spread = Counter(word for piece in pieces.values() for word in piece)
    return {word for word, times in spread.items() if len(pieces) >= FEW_PIECES and times * 2 > len(pieces)}


def _on_topic(past: list[Extract], topic: str) -> list[Extract]:
    """Return what speaks of the topic, where there is nothing else to tell: one stray word in common is too little.

    A sentence counts with its piece's title. A topic of one or two words needs one of them, a longer one two; a piece
    with a passage that has half of a longer topic's words, and no fewer than three, is about it in all its sentences.
    "Episode 41" says which of them it is and not what it is about.
    """
    asked = set(stems(_INSTALMENT.sub(" ", topic))) or set(stems(topic))
    if not asked:
        return past
    least = 1 if len(asked) <= FEW_WORDS else 2
    whole = max(FEW_WORDS + 1, math.ceil(len(asked) / 2))

    def nearest(work: PastWork) -> set[str]:  # a few words that stand far apart are no topic together
        texts = work.passages if len(asked) > FEW_WORDS else _SENTENCE_END.split(" ".join(work.passages))
        return max((asked & set(stems(f"{work.title} {each}")) for each in ("", *texts)), key=len)

    pieces = {each.work.id: nearest(each.work) for each in past if each.work}
    best = max(map(len, pieces.values()), default=0)

    def fits(each: Extract, work: PastWork) -> bool:
        piece = pieces[work.id]
        if len(asked) <= FEW_WORDS and len(piece) < best:
            return False  # "service" alone is not about "service workers" where a piece has both
        return len(piece) >= whole or len(asked & set(stems(f"{work.title} {each.text}"))) >= least

    return [each for each in past if each.work and fits(each, each.work)]


def _from_text(
    text: str,
    work: PastWork | None,
    locale: str,
    *,
    fresh: bool,
    voices: Sequence[str] = (),
    about: frozenset[str] = frozenset(),
) -> list[Extract]:
    english = (detect(text) or locale.partition("-")[0].lower()) == "en"
    read = [sentence for sentence in sentences(text) if not said_to_a_machine(sentence.text)]
    about = about if work is None else frozenset(stems(work.title))
    if work is not None:
        transcript = any(sentence.speaker for sentence in read)  # where words have a speaker, those without are unknown
        read = [sentence for sentence in read if sentence.speaker or not transcript]
    spoken = bool(voices)
    found = []
    for place, sentence in enumerate(read):
        if spoken and sentence.speaker not in voices:
            continue
        if (
            work is not None
            and not sentence.speaker
            and _INTERVIEW.search(work.title)
            and _FIRST_PERSON.search(sentence.text)
        ):
            continue  # who says "I" in an interview is not the creator
        if not stands_alone(
            sentence.text, fresh=fresh, spoken=spoken, listed=sentence.listed, about=about, english=english
        ):
            continue
        after = _following(read[place + 1 : place + 4], sentence, fresh=fresh, spoken=spoken, english=english)
        following = tuple(_extract(each, text, work) for each in after)
        found.append(_extract(sentence, text, work, following))
    return found


def _from_notes(notes: Notes) -> list[Extract]:
    """Return what may be told of notes, what is needed most first."""
    told = sorted(notes.told, key=lambda each: (-each.weight, each.order))
    return [
        Extract(text=each.text, quote=each.parts[0], work=None, order=each.order, paragraph=each.line) for each in told
    ]


def _following(
    later: Sequence[Sentence], first: Sentence, *, fresh: bool, spoken: bool, english: bool
) -> list[Sentence]:
    taken: list[Sentence] = []
    for sentence in later:
        if (
            sentence.paragraph != first.paragraph
            or sentence.speaker != first.speaker
            or not can_follow(sentence.text, fresh=fresh, spoken=spoken, english=english)
            or not goes_on(sentence.text, [first.text, *(each.text for each in taken)])
        ):
            break
        taken.append(sentence)
    return taken


def _extract(sentence: Sentence, text: str, work: PastWork | None, following: tuple[Extract, ...] = ()) -> Extract:
    return Extract(
        text=sentence.text,
        quote=as_it_stands(sentence.text, text),
        work=work,
        speaker=sentence.speaker,
        order=sentence.order,
        paragraph=sentence.paragraph,
        following=following,
    )


def _of_another(extract: Extract, who: str) -> Extract:
    return replace(extract, speaker=who, following=())


def _unlike(extracts: Sequence[Extract]) -> list[Extract]:
    """Drop what was said before in nearly the same words: creators repeat themselves, and passages overlap."""
    kept: list[tuple[Extract, set[str]]] = []
    for extract in extracts:
        words = set(stems(extract.text))
        if not any(len(words & seen) >= ALIKE * len(words | seen) for _, seen in kept):
            kept.append((extract, words))
    return [extract for extract, _ in kept]


def _rank_source(
    extracts: list[Extract], title: str, topic: str, vectors: Vectors, *, transcript: bool
) -> list[Extract]:
    if not extracts:
        return []
    import numpy as np

    extracts = _closest_by_words(extracts, f"{title} {topic}") if len(extracts) > POOL else extracts
    texts = [extract.text for extract in extracts]
    matrix = vectors.of([*texts, title or topic, topic or title])
    body, title_vector, topic_vector = matrix[:-2], matrix[-2], matrix[-1]
    telling = np.array([salience(text) - is_dated(text) for text in texts], np.float32)
    scores = z(body @ body.mean(axis=0)) + 0.5 * telling + 0.5 * z(body @ title_vector) + 0.8 * z(body @ topic_vector)
    if transcript:
        scores = scores + 0.8 * z(body @ topic_vector)  # talk wanders: what was asked for counts twice
    else:  # a conversation does not begin with what matters, a text does
        scores = scores + 0.9 * z(positions(len(texts)))
    return [extracts[place] for place in varied(scores, body, KEPT)]


def _rank_past(
    extracts: list[Extract], topic: str, vectors: Vectors, plural: bool, angle: ChosenAngle | None
) -> list[Extract]:
    if not extracts:
        return []
    import numpy as np

    texts = [extract.text for extract in extracts]
    titles = [extract.work.title if extract.work else "" for extract in extracts]
    matrix = vectors.of([*texts, *titles, topic])
    body, headed, topic_vector = matrix[: len(texts)], matrix[len(texts) : -1], matrix[-1]
    own = body @ topic_vector
    near = _near(extracts, own)
    telling = np.array([salience(text) for text in texts], np.float32)
    scores = 1.3 * z(near) + 0.3 * z(body @ body.mean(axis=0)) + 0.6 * telling + 0.5 * z(headed @ topic_vector)
    if plural:  # one colleague's "I" is not everybody's
        scores = scores - 0.8 * np.array([bool(_FIRST_PERSON.search(text)) for text in texts], np.float32)
    if angle:
        leans = [bool(extract.work and extract.work.id in angle.work_ids) for extract in extracts]
        leads = [extract.text in angle.premise for extract in extracts]
        scores = scores + np.array(leans, np.float32) + 4 * np.array(leads, np.float32)
    # shared words are too coarse to rule anything out: there the recall's own judgement stands
    least = max(RELEVANT, HALF_AS_NEAR * float(near.max())) if vectors.by_meaning else 0.0
    floors = _floors(extracts, topic, float(own.max())) if vectors.by_meaning else [0.0] * len(texts)
    led = angle.premise if angle else ""
    keep = [n for n, text in enumerate(texts) if text in led or (near[n] >= least and own[n] >= floors[n])]
    return [extracts[keep[place]] for place in varied(scores[keep], body[keep], KEPT)]


def _floors(extracts: Sequence[Extract], topic: str, best: float) -> list[float]:
    """Return how near each sentence must be by itself: its piece being near makes no weak sentence fit."""
    asked = set(stems(topic))
    enough = min(FEW_WORDS, max(1, len(asked) - 1))
    said = [asked & set(stems(f"{each.work.title if each.work else ''} {each.text}")) for each in extracts]
    best = min(best, AS_NEAR_AS_COUNTS)
    return [best * (NEAR_WITH_WORDS if len(words) >= enough else NEAR) for words in said]


def _near(extracts: Sequence[Extract], own: "Matrix") -> "Matrix":
    """Return how near each sentence is to the topic, its neighbours counting too: a story names its topic rarely."""
    import numpy as np

    by_work: dict[str, list[float]] = {}
    for extract, nearness in zip(extracts, own, strict=True):
        by_work.setdefault(extract.work.id if extract.work else "", []).append(float(nearness))
    around = [float(np.mean(by_work[extract.work.id if extract.work else ""])) for extract in extracts]
    blended: Matrix = (1 - NEIGHBOURS) * own + NEIGHBOURS * np.array(around, np.float32)
    return blended


def _closest_by_words(extracts: list[Extract], topic: str) -> list[Extract]:
    """Keep the sentences that a long source is likely about: embedding all of them would take long."""
    plain = Vectors(None).of([*(extract.text for extract in extracts), topic])
    body = plain[:-1]
    scores = z(body @ body.mean(axis=0)) + z(body @ plain[-1])
    best = sorted(range(len(extracts)), key=lambda place: -float(scores[place]))[:POOL]
    return [extracts[place] for place in sorted(best)]
