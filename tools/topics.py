"""Which topics of a controlled vocabulary a text is about, and how sure that is. It says nothing rather than guess.

A topic counts where the text names it (or a synonym) and is near it in meaning; being near alone is not enough, but for
what is very near. `greenroom bench tags` does not measure this: docs/tagging.md says how it was judged.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.tagged import Certainty, SaidTopic
from core.topics import Topic, Vocabulary, mediatopics, vectors

if TYPE_CHECKING:
    from memory.embedding import Embedder

NEAR, PHRASE = 0.20, 0.50
"""Cosines of a topic with the text, and with its nearest keyphrase, from which a topic that is named is likely."""

NEARER, LIKE_PHRASE = 0.33, 0.62
"""From which a topic that is not named is perhaps meant."""

OFTEN = 4
"""Times that a text names a topic that it is not near to, from which it is perhaps meant."""

IN_TITLE = 2  # times that one in the title counts
_SLICE, _SLICES = 150, 4  # words of a slice that is embedded, and how many

Floats = NDArray[np.float64]
_WORDS = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


class _Evidence(NamedTuple):
    topic: Topic
    named: int
    near: float
    phrase: float


def described(topic: Topic) -> str:
    """Return what of a topic is embedded: its names in English, and what it is."""
    return f"{', '.join(topic.spellings('en') or (topic.name,))}. {topic.definition}".strip()


def topics(
    embedder: "Embedder",
    text: str,
    *,
    title: str = "",
    phrases: Sequence[str] = (),
    language: str = "en",
    vocabulary: Vocabulary | None = None,
    k: int = 5,
) -> list[SaidTopic]:
    """Return up to `k` topics of a plain text, the surest first. `phrases` are its keyphrases.

    In another language than English, and with another embedding model than the one that ships, only names count.
    """
    chosen = vocabulary or mediatopics()
    named = [_named(text, topic, language) + IN_TITLE * bool(_named(title, topic, language)) for topic in chosen.terms]
    meant = _meanings(embedder, chosen, text, phrases) if language == "en" else None
    found = []
    for at, topic in enumerate(chosen.terms):
        near, phrase = (float(meant[0][at]), float(meant[1][at])) if meant else (0.0, 0.0)
        evidence = _Evidence(topic, named[at], near, phrase)
        sure = _certainty(evidence) if meant else ("perhaps" if named[at] >= OFTEN else None)
        if sure:
            found.append((sure, evidence))
    found.sort(key=lambda each: (each[0], -(each[1].near + each[1].phrase + 0.05 * min(each[1].named, 6))))
    return [_said(chosen, sure, evidence, language) for sure, evidence in found[:k]]


def shortlist(embedder: "Embedder", text: str, phrases: Sequence[str], vocabulary: Vocabulary, k: int) -> list[Topic]:
    """Return the `k` topics nearest to a text in meaning, and the widest ones: what a model may choose from."""
    near, phrase = _meanings(embedder, vocabulary, text, phrases) or (None, None)
    widest = [topic for topic in vocabulary.terms if not topic.broader]
    if near is None or phrase is None:
        return widest if len(vocabulary.terms) > k else list(vocabulary.terms)
    best = [vocabulary.terms[int(at)] for at in np.argsort(-(near + 0.3 * phrase), kind="stable")[:k]]
    return list(dict.fromkeys([*best, *widest]))


def _certainty(evidence: _Evidence) -> Certainty | None:
    _, named, near, phrase = evidence
    if named > 1 and near >= NEAR and phrase >= PHRASE:
        return "likely"
    is_named = named > 0 and near >= NEAR and phrase >= PHRASE - 0.1
    is_near = near >= NEARER and phrase >= LIKE_PHRASE
    return "perhaps" if is_named or is_near or (named >= OFTEN and near >= NEAR / 2 and phrase >= 0.3) else None


def _said(vocabulary: Vocabulary, sure: Certainty, evidence: _Evidence, language: str) -> SaidTopic:
    path = tuple(each.named(language) for each in vocabulary.path(evidence.topic.id))
    why = (
        f"named {evidence.named} times" if evidence.named > 1 else "named once" if evidence.named else "near in meaning"
    )
    return SaidTopic(id=evidence.topic.id, name=evidence.topic.named(language), path=path, certainty=sure, why=why)


def _named(text: str, topic: Topic, language: str) -> int:
    if not text:
        return 0
    flat = _flat(text, language)
    return sum(flat.count(each) for each in _spellings(topic, language))


@lru_cache(maxsize=4096)
def _spellings(topic: Topic, language: str) -> tuple[str, ...]:
    said = topic.spellings(language)
    return tuple(dict.fromkeys(each if _CJK.search(each) else _flat(each, language) for each in said))


@lru_cache(maxsize=16)
def _flat(text: str, language: str) -> str:
    """Return a text's words between single spaces, in lower case, in English in the singular."""
    if _CJK.search(text):
        return text
    words = (match.group().replace("’", "'").lower() for match in _WORDS.finditer(text))
    return f" {' '.join(map(_singular, words) if language == 'en' else words)} "


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _meanings(
    embedder: "Embedder", vocabulary: Vocabulary, text: str, phrases: Sequence[str]
) -> tuple[Floats, Floats] | None:
    """Return each topic's cosine with the text, and with its nearest keyphrase; None for a model not calibrated."""
    words = text.split()[: _SLICE * _SLICES]
    if embedder.name != _shipped()[0] or not words:
        return None
    table = _vectors(embedder, vocabulary)
    slices = [" ".join(words[at : at + _SLICE]) for at in range(0, len(words), _SLICE)]
    asked: Any = embedder.embed([*slices, *phrases])
    rows = _unit(np.asarray(asked, dtype=np.float64))
    near: Floats = rows[: len(slices)].mean(axis=0) @ table.T
    said = rows[len(slices) :] @ table.T
    return near, said.max(axis=0) if len(said) else np.zeros(len(table))


_tables: dict[tuple[str, Vocabulary], Floats] = {}


def _vectors(embedder: "Embedder", vocabulary: Vocabulary) -> Floats:
    if vocabulary is mediatopics():
        return _shipped()[1]
    key = (embedder.name, vocabulary)
    if key not in _tables:
        _tables.clear()  # one vocabulary of somebody's own at a time
        made: Any = embedder.embed([described(topic) for topic in vocabulary.terms])
        _tables[key] = _unit(np.asarray(made, dtype=np.float64))
    return _tables[key]


@lru_cache(maxsize=1)
def _shipped() -> tuple[str, Floats]:
    with np.load(BytesIO(vectors())) as kept:
        return str(kept["model"]), _unit(kept["vectors"].astype(np.float64))


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = rows / np.where(lengths > 0, lengths, 1.0)
    return unit
