"""What a draft may be made of: the creator's own sentences that can stand alone, best first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from models.rehearsal.reading import Sentence, as_it_stands, sentences, speakers
from models.rehearsal.selecting import positions, varied, z
from models.rehearsal.standing import can_follow, salience, stands_alone
from models.rehearsal.vectors import Vectors
from models.tasks import ChosenAngle, Line, PastWork, Source

POOL = 240  # sentences of a long source that are looked at closely
KEPT = 14  # extracts of each kind that shapes choose from
RELEVANT, RELEVANT_WORDS = 0.30, 0.05  # least nearness to the topic, by meaning and by words


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


class Asked(Protocol):
    """The part of a request that says what there is."""

    @property
    def source(self) -> Source: ...  # noqa: D102
    @property
    def works(self) -> tuple[PastWork, ...]: ...  # noqa: D102


def gather(request: Asked, topic: str, vectors: Vectors, angle: ChosenAngle | None = None) -> Material:
    """Return what the request's source and works offer on the topic."""
    voices = tuple(speakers(request.source.text))
    source = _from_text(request.source.text, None, fresh=True, voices=voices)
    topic = topic or request.source.title
    ranked_source = _rank_source(source, request.source.title, topic, vectors, transcript=bool(voices))
    topic = topic or " ".join(extract.text for extract in ranked_source[:3])
    past = [
        extract
        for work in request.works
        for passage in work.passages
        for extract in _from_text(passage, work, fresh=False)
    ]
    told = {extract.text for extract in source}
    past = [extract for extract in _unlike(past) if extract.text not in told]
    return Material(source=tuple(ranked_source), past=tuple(_rank_past(past, topic, vectors, angle)), voices=voices)


def _from_text(text: str, work: PastWork | None, *, fresh: bool, voices: Sequence[str] = ()) -> list[Extract]:
    read = sentences(text)
    if work is not None:
        read = [sentence for sentence in read if sentence.speaker is None]  # an interview's other voice is not theirs
    spoken = bool(voices)
    found = []
    for place, sentence in enumerate(read):
        if not stands_alone(sentence.text, fresh=fresh, spoken=spoken):
            continue
        after = _following(read[place + 1 : place + 4], sentence, fresh=fresh, spoken=spoken)
        following = tuple(_extract(each, text, work) for each in after)
        found.append(_extract(sentence, text, work, following))
    return found


def _following(later: Sequence[Sentence], first: Sentence, *, fresh: bool, spoken: bool) -> list[Sentence]:
    taken: list[Sentence] = []
    for sentence in later:
        if sentence.paragraph != first.paragraph or not can_follow(sentence.text, fresh=fresh, spoken=spoken):
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


def _unlike(extracts: Sequence[Extract]) -> list[Extract]:
    """Drop what is said twice word for word (passages overlap, and creators repeat themselves)."""
    return list({extract.text.lower(): extract for extract in reversed(extracts)}.values())[::-1]


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
    telling = np.array([salience(text) for text in texts], np.float32)
    scores = z(body @ body.mean(axis=0)) + 0.5 * telling + 0.5 * z(body @ title_vector) + 0.8 * z(body @ topic_vector)
    if not transcript:  # a conversation does not begin with what matters
        scores = scores + 0.9 * z(positions(len(texts)))
    return [extracts[place] for place in varied(scores, body, KEPT)]


def _rank_past(extracts: list[Extract], topic: str, vectors: Vectors, angle: ChosenAngle | None) -> list[Extract]:
    if not extracts:
        return []
    import numpy as np

    texts = [extract.text for extract in extracts]
    titles = [extract.work.title if extract.work else "" for extract in extracts]
    matrix = vectors.of([*texts, *titles, topic])
    body, headed, topic_vector = matrix[: len(texts)], matrix[len(texts) : -1], matrix[-1]
    near = body @ topic_vector
    telling = np.array([salience(text) for text in texts], np.float32)
    scores = 1.3 * z(near) + 0.3 * z(body @ body.mean(axis=0)) + 0.6 * telling + 0.5 * z(headed @ topic_vector)
    if angle:
        leans = [bool(extract.work and extract.work.id in angle.work_ids) for extract in extracts]
        leads = [extract.text in angle.premise for extract in extracts]
        scores = scores + np.array(leans, np.float32) + 4 * np.array(leads, np.float32)
    least = RELEVANT if vectors.by_meaning else RELEVANT_WORDS
    keep = [place for place in range(len(texts)) if near[place] >= least]
    return [extracts[keep[place]] for place in varied(scores[keep], body[keep], KEPT)]


def _closest_by_words(extracts: list[Extract], topic: str) -> list[Extract]:
    """Keep the sentences that a long source is likely about: embedding all of them would take long."""
    plain = Vectors(None).of([*(extract.text for extract in extracts), topic])
    body = plain[:-1]
    scores = z(body @ body.mean(axis=0)) + z(body @ plain[-1])
    best = sorted(range(len(extracts)), key=lambda place: -float(scores[place]))[:POOL]
    return [extracts[place] for place in sorted(best)]
