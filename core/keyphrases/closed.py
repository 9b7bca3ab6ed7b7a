"""The closed classes of English, and the small words of some other languages, as sets."""

from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from core.languages import small_words


class Closed(NamedTuple):
    """Words by what they say of their neighbours."""

    determiners: frozenset[str]
    pronouns: frozenset[str]
    modals: frozenset[str]
    being: frozenset[str]
    having: frozenset[str]
    prepositions: frozenset[str]
    conjunctions: frozenset[str]
    adverbs: frozenset[str]
    numbers: frozenset[str]
    subjects: frozenset[str]
    object_openers: frozenset[str]
    directions: frozenset[str]
    before_gerunds: frozenset[str]
    after_nouns: frozenset[str]
    clause_openers: frozenset[str]
    degrees: frozenset[str]
    nouns_in_ly: frozenset[str]
    participles: frozenset[str]
    past: frozenset[str]
    verbs: frozenset[str]
    vague_adjectives: frozenset[str]
    empty_heads: frozenset[str]
    vague_nouns: frozenset[str]

    @property
    def grammar(self) -> frozenset[str]:
        """Return what never stands inside a keyphrase."""
        return _grammar()


@lru_cache(maxsize=1)
def closed() -> Closed:
    """Return the classes that ship."""
    import yaml

    data = yaml.safe_load(resources.files("core.keyphrases").joinpath("closed.yaml").read_text(encoding="utf-8"))
    classes = {name: frozenset(words.split()) for name, words in data.items()}
    classes["verbs"] = frozenset(form for verb in classes["verbs"] for form in (verb, _third_person(verb)))
    return Closed(**classes)


@lru_cache(maxsize=8)
def between(language: str) -> frozenset[str]:
    """Return the small words of another language; none where they are not known."""
    import yaml

    kept = yaml.safe_load(resources.files("core.keyphrases").joinpath("small.yaml").read_text(encoding="utf-8"))
    return frozenset(kept.get(language, "").split()) | small_words(language)


def _third_person(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


@lru_cache(maxsize=1)
def _grammar() -> frozenset[str]:
    classes = closed()
    return frozenset().union(
        classes.determiners, classes.pronouns, classes.modals, classes.being, classes.having, classes.prepositions,
        classes.conjunctions, classes.adverbs, classes.numbers,
    )  # fmt: skip
