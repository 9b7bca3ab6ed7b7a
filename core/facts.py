"""What a brand holds to: banned words, claims that need proof, disclosures, names and terms in other languages.

Facts are loaded whole and checked by rule. They are never retrieved by likeness: a rule that is recalled most of the
time is no rule.
"""

from typing import Any, Literal, get_args

import regex
from pydantic import Field, ValidationError, model_validator

from core.base import Instant, Noun
from core.drafts import Severity
from core.errors import BadInput
from core.locales import checked
from core.patterns import TooFree, bounded

FactKind = Literal["banned", "claim", "disclosure", "keep", "term"]
KINDS: tuple[str, ...] = get_args(FactKind)

Matching = Literal["word", "forms", "pattern", "link"]
MATCHINGS: tuple[str, ...] = get_args(Matching)
"""How a term is found: as whole words, with their regular inflections, as a regular expression, as a link's target."""

LINK = "link:"
"""What a term, or something that is needed, begins with when it means a link: `link:*`, `link:shop.example?tag`."""

LONGEST = 300
MOST_NEEDS = 20

_SEVERITY: dict[str, Severity] = {"claim": "warning", "term": "warning"}  # the others: error
_NEEDS_SOMETHING = {
    "claim": "A claim needs what counts as proof: a word, or link:example.org, or link:* for any link.",
    "disclosure": "A disclosure needs the words that must be there, such as #ad.",
}


class Stated(Noun):
    """A fact as somebody states it. What a kind has no use for stays empty.

    banned: `term` is not said, `instead` is. claim, disclosure: where `term` stands, one of `needs` must stand too.
    keep: `term` stays as it is in every translation. term: in `locale`, `term` is called `instead`.
    """

    kind: FactKind
    term: str = Field(min_length=1, max_length=LONGEST)
    matching: Matching = "word"
    case: bool = False  # whether capitals must be as they stand in the term
    instead: str = Field(default="", max_length=LONGEST)
    needs: tuple[str, ...] = Field(default=(), max_length=MOST_NEEDS)
    locale: str | None = None  # only there; pt covers pt-BR
    severity: Severity = "error"
    note: str = Field(default="", max_length=2000)  # why, for whoever reads the finding
    valid_from: Instant | None = None  # None: from when it is recorded
    valid_to: Instant | None = None

    @model_validator(mode="before")
    @classmethod
    def _usual(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        data = {key: value.strip() if isinstance(value, str) else value for key, value in data.items()}
        if not data.get("severity"):
            data["severity"] = _SEVERITY.get(str(data.get("kind")), "error")
        for end in ("valid_from", "valid_to"):
            if isinstance(data.get(end), str) and regex.fullmatch(r"\d{4}-\d{2}-\d{2}", data[end]):
                data[end] += "T00:00:00Z"  # a bare date is midnight UTC, as everywhere
        if str(data.get("term", "")).startswith(LINK):
            data["matching"] = "link"
        if data.get("kind") == "keep":
            data.setdefault("case", True)
        return data

    @model_validator(mode="after")
    def _whole(self) -> "Stated":
        for problem in _problems(self):
            raise ValueError(problem)
        return self

    @property
    def key(self) -> tuple[str, str, str]:
        """What two facts at one time can't share."""
        same = self.term if self.case or self.matching == "pattern" else self.term.casefold()
        return self.kind, same, (self.locale or "").lower()

    def applies_in(self, locale: str) -> bool:
        """Say whether it holds for texts in a locale."""
        if self.locale is None:
            return True
        here, there = locale.lower(), self.locale.lower()
        return here == there or here.startswith(there + "-")


class BrandFact(Stated):
    """One version of a fact: what was known about a stretch of time, from `recorded_at` until `superseded_at`."""

    id: str
    version: int
    workspace: str
    valid_from: Instant
    recorded_at: Instant
    superseded_at: Instant | None = None
    recorded_by: str
    seq: int  # its entry in the ledger

    def stated(self) -> Stated:
        """Return what it says, without who said it when."""
        return Stated(**self.model_dump(include=set(Stated.model_fields)))


def state(values: dict[str, Any]) -> Stated:
    """Return a fact as stated; BadInput names the field that can't be used."""
    try:
        return _sure(Stated.model_validate(values))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        message = first["msg"].removeprefix("Value error, ").rstrip(".")
        raise BadInput(f"{where}: {message}." if where else f"{message}.", "Nothing was changed.") from None
    except OverflowError:  # the first or last day there is, in another zone
        raise BadInput("valid_from or valid_to is no date that can be kept.", "Nothing was changed.") from None


def _sure(fact: Stated) -> Stated:
    """Return a fact; BadInput where its pattern could take long. One that is kept already is only said to be."""
    try:
        if fact.matching == "pattern":
            bounded(fact.term)
    except TooFree as reason:
        raise BadInput(f"term: the pattern {fact.term!r} can't be used: {reason}.", "Nothing was changed.") from None
    return fact


def _problems(fact: Stated) -> list[str]:
    found = []
    if not fact.term.isprintable():
        found.append("the term holds signs that can't be read")
    if not all(
        each.replace("\n", " ").replace("\t", " ").isprintable() for each in (fact.instead, fact.note, *fact.needs)
    ):
        found.append("it holds signs that can't be read")
    if fact.matching == "pattern":
        found += _unusable(fact)
    if fact.matching == "link" and not fact.term.startswith(LINK):
        found.append("a link is written as link:example.org, link:*?tag or link:*")
    if fact.kind in ("keep", "term") and fact.matching in ("pattern", "link"):
        found.append(f"a {fact.kind} is a word or a phrase, not a {fact.matching}")
    if fact.kind in _NEEDS_SOMETHING and not fact.needs:
        found.append(_NEEDS_SOMETHING[fact.kind])
    if any(not need.strip() for need in fact.needs):
        found.append("something that is needed is empty")
    if fact.kind == "term" and not (fact.instead and fact.locale):
        found.append("a term needs its locale and what it is called there")
    if fact.valid_from and fact.valid_to and fact.valid_to <= fact.valid_from:
        found.append("it would end before it begins")
    if fact.locale is not None:
        try:
            checked(fact.locale)
        except BadInput as error:
            found.append(f"{error.message.rstrip('.')}: write it as en, es or pt-BR")
    return found


def _unusable(fact: Stated) -> list[str]:
    try:
        pattern = regex.compile(fact.term)
    except (regex.error, RecursionError, OverflowError) as error:
        return [f"{fact.term!r} is no regular expression: {error}"]
    try:
        empty = pattern.search("", timeout=0.5)
    except (TimeoutError, MemoryError):
        return [f"the pattern {fact.term!r} can't be used: it does not end"]
    return [f"{fact.term!r} matches nothing at all, so it would match everywhere"] if empty else []
