"""What a model proposes on a text, held against the text: a span that does not hold is left out, and said why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from importlib import resources

import regex

from core import unseen
from core.assists.rules import readable
from core.assists.suggestion import Suggestion, apart, place
from core.brand import findings as brand_findings
from core.drafts import Content
from core.facts import BrandFact
from core.grounding import findings, language_of, quoted
from core.links import links_in
from core.matching import Readable, occurrences
from core.patterns import TooFree
from core.sentences import split

MOST = 40
"""Suggestions of one answer: more would be a rewriting."""

_NUMBER = regex.compile(r"\d+(?:[.,:]\d+)*")
_MARKED = regex.compile(r"(?<![\w/])[@#][\p{L}\p{N}_]+")
_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*")
_CORRECTS = frozenset({"grammar"})
_LEAST_ALIKE, _ENOUGH_WORDS = 0.5, 8


class Quoted:
    """One proposal of a model: words of a field as they stand there, and what is to stand there instead."""

    def __init__(self, quote: str, instead: str, *, rule: str, why: str, field: str = "text") -> None:
        self.quote, self.instead, self.rule, self.why, self.field = quote, instead, rule, why, field


@dataclass(frozen=True)
class Trust:
    """What proposals are held against: the fields of a text, the task, and what the brand holds to."""

    texts: Mapping[str, str]
    do: str
    locale: str
    facts: Sequence[BrandFact] = ()

    def problem(self, start: int, each: Quoted) -> str:
        """Return why a proposal does not hold, empty where it does. `start`: where its words stand in the field."""
        text, end = self.texts[each.field], start + len(each.quote)
        first, last = _around(text, start, end)
        old = text[first:last]
        new = text[first:start] + each.instead + text[end:last]
        return (
            self._shape(text, start, each)
            or self._kept(old, new)
            or self._meaning(each)
            or self._made_up(text, old, new)
            or self._brand(old, new)
        )

    def broken(self, title: str) -> str:
        """Return what a title breaks of what the brand holds to."""
        return self._brand("", title)

    def _shape(self, text: str, start: int, each: Quoted) -> str:
        end = start + len(each.quote)
        is_said = any(one.start < end and start < one.end for one in quoted.find(text))
        reasons = (
            (each.instead == each.quote, "it changes nothing."),
            (self.do == "shorter" and len(each.instead) >= len(each.quote), "it is not shorter."),
            ("\x00" in readable(text)[start:end], "code, tables and front matter stay as they are."),
            (is_said and self.do != "shorter", "somebody else's words stay as they were said."),
            (any(found.severity != "note" for found in unseen.findings(each.instead)), "it hides something."),
            (self.do in _CORRECTS and _is_another(each.quote, each.instead), "it is no correction: other words."),
        )
        return next((why for holds, why in reasons if holds), "")

    def _kept(self, old: str, new: str) -> str:
        """Say what is lost or brought in that no wording may touch: links, handles, numbers, names to keep."""
        may_cut = self.do == "shorter"
        for what, find in (("link", links_in), ("handle or hashtag", _MARKED.findall), ("number", _NUMBER.findall)):
            there, here = Counter(find(old)), Counter(find(new))
            if brought := here - there:
                return f"it brings a {what} that does not stand there: {next(iter(brought))}."
            if not may_cut and (lost := there - here):
                return f"it drops a {what}: {next(iter(lost))}."
        for fact in self.facts:
            is_held = fact.kind == "keep" and fact.applies_in(self.locale) and not (may_cut and not new.strip())
            if is_held and _count(new, fact) < _count(old, fact):
                return f"“{fact.term}” stays as it is."
        return ""

    def _meaning(self, each: Quoted) -> str:
        if not each.instead.strip():
            return ""
        words = _negations(language_of(self.texts[each.field], self.locale))
        if _denials(each.quote, words) != _denials(each.instead, words):
            return "it takes a “not” away or brings one in."
        return ""

    def _made_up(self, text: str, old: str, new: str) -> str:
        """Say what the new wording claims that the sentence did not; a name may come from elsewhere in the text."""
        language = language_of(text, self.locale)
        known = {name: [*self.texts.values()] for name in ("invented_name",)}
        for finding in findings(Content(text=new), [old], links_in(old), language):
            if finding.severity == "note":
                continue
            sources = known.get(finding.rule)
            if sources and finding.rule not in _rules(new, sources, language):
                continue
            return finding.message
        return ""

    def _brand(self, old: str, new: str) -> str:
        broken = [each.message for each in brand_findings(self.facts, Content(text=old), self.locale)]
        for each in brand_findings(self.facts, Content(text=new), self.locale):
            if each.message not in broken:
                return each.message
        return ""


def trusted(trust: Trust, proposals: Sequence[Quoted], *, by: str) -> tuple[tuple[Suggestion, ...], tuple[str, ...]]:
    """Return the proposals that hold as suggestions in the text's order, and a sentence on each that was left out."""
    kept: list[Suggestion] = []
    told: list[str] = []
    for each in proposals[:MOST]:
        text = trust.texts.get(each.field, "")
        times = text.count(each.quote) if each.quote.strip() else 0
        start = text.find(each.quote)
        problem = _nowhere(times) or trust.problem(start, each)
        if problem:
            told.append(f"A suggestion on “{_short(each.quote)}” was left out: {problem}")
            continue
        span = (start, start + len(each.quote))
        kept.append(place(text, span, each.instead, rule=each.rule, why=each.why, field=each.field, by=by))
    if len(proposals) > MOST:
        told.append(f"{len(proposals) - MOST} more suggestions were left out: {MOST} are told at once.")
    return apart(kept), tuple(told)


def _nowhere(times: int) -> str:
    if times == 0:
        return "its words do not stand in the text."
    return "" if times == 1 else f"its words stand there {times} times, so nobody knows which are meant."


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the sentences that a span touches, as one span."""
    touched = [each for each in split(text) if each.start < end and start < each.end]
    return min([start, *(each.start for each in touched)]), max([end, *(each.end for each in touched)])


def _rules(text: str, sources: Sequence[str], language: str) -> set[str]:
    return {each.rule for each in findings(Content(text=text), sources, links_in(text), language)}


def _count(text: str, fact: BrandFact) -> int:
    try:
        return len(occurrences(Readable(text), fact))
    except (TimeoutError, TooFree):
        return 0


def _is_another(old: str, new: str) -> bool:
    words, others = _WORD.findall(old.casefold()), _WORD.findall(new.casefold())
    if max(len(words), len(others)) < _ENOUGH_WORDS:
        return False
    return SequenceMatcher(None, words, others, autojunk=False).ratio() < _LEAST_ALIKE


def _denials(text: str, words: frozenset[str]) -> int:
    said = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
    return sum(word in words or word.endswith("n't") for word in said)


@lru_cache(maxsize=32)
def _negations(language: str) -> frozenset[str]:
    return frozenset(_lists().get(language, "").split())


@lru_cache(maxsize=1)
def _lists() -> dict[str, str]:
    import yaml

    text = resources.files(__package__).joinpath("negations.yaml").read_text(encoding="utf-8")
    data: dict[str, str] = yaml.safe_load(text)
    return data


def _short(text: str, most: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
