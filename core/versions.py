"""Two versions of one draft: which is the better one, and how much a mend changed that nobody had found wrong."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

import regex

from core import sentences
from core.drafts import Content, Draft, Finding
from core.grounding import quoted
from core.spans import Cover

WEIGHTS = {"error": 10, "warning": 2, "note": 0}
FREE = 12  # words outside of what was found that any mend may change: a sentence that hung on another
BOUND = 0.3  # of the words outside of what was found; with more of them changed it is another text
FIELDS = ("text", "title", "subject", "preheader", "summary")

_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*|[^\s\p{L}\p{M}\p{N}]")
_WHOLE = ("length", "too_long", "off_voice")  # rules about a text as a whole: what they cut may stand anywhere

MENDS = "mends"
"""In a draft's inputs: each revision that was made of it, whether it was kept, and why."""

Reason = Literal["better", "no better", "worse", "rewritten", "unchanged"]


class Choice(NamedTuple):
    """The version that is kept, and why. Weights are those of the findings: an error 10, a warning 2."""

    kept: Draft
    reason: Reason
    before: int
    after: int
    changed: float  # of the words that nothing was found in

    @property
    def says(self) -> str:
        """A sentence for a person."""
        if self.reason == "rewritten":
            return f"It rewrote {self.changed:.0%} of what nothing was found in, so it was not taken."
        if self.reason == "unchanged":
            return "It changed nothing."
        return f"Its findings weigh {self.after}, those of the version before {self.before}: {self.reason}."


def choose(old: Draft, new: Draft) -> Choice:
    """Return the better of a draft and its mend: by what their findings weigh; with equal weight, the older one."""
    before, after = weight(old.findings), weight(new.findings)
    changed = rewritten(old, new.content)
    if _words_of(old.content) == _words_of(new.content):
        return Choice(old, "unchanged", before, after, changed)
    if changed > BOUND:
        return Choice(old, "rewritten", before, after, changed)
    if after < before:
        return Choice(new, "better", before, after, changed)
    return Choice(old, "worse" if after > before else "no better", before, after, changed)


def weight(findings: Sequence[Finding]) -> int:
    """Return what findings weigh together."""
    return sum(WEIGHTS[each.severity] for each in findings)


def rewritten(old: Draft, new: Content) -> float:
    """Return the share of words changed outside of the sentences in which something was found, 0..1 or more.

    Where a finding is about a text as a whole (its length), cuts count for nothing; nor do a few words.
    """
    outside = touched = 0
    for field in FIELDS:
        text = getattr(old.content, field)
        found = [each for each in old.findings if each.field == field and each.severity != "note"]
        total, changed = _outside(text, getattr(new, field), found)
        outside, touched = outside + total, touched + changed
    return touched / outside if touched > FREE and outside else 0.0


def _outside(text: str, new: str, found: Sequence[Finding]) -> tuple[int, int]:
    cover = Cover(_sentences_of(text, [each.span for each in found if each.span]))
    may_cut = any(each.span is None or _is_of_all(each) for each in found)
    here = list(_TOKEN.finditer(text))
    there = [match[0].casefold() for match in _TOKEN.finditer(new)]
    keys = [match[0].casefold() for match in here]
    free = [cover.touches(*match.span()) for match in here]
    changed = 0
    for tag, a, b, c, d in SequenceMatcher(
        None, keys, there, autojunk=len(keys) * len(there) > 4_000_000
    ).get_opcodes():
        if tag == "equal":
            continue
        gone = sum(not free[at] for at in range(a, b))
        beside = any(free[max(0, a - 1) : b + 1])
        put = 0 if beside or may_cut else d - c
        changed += max(0 if may_cut else gone, put if tag == "insert" or gone else 0)
    return len(free) - sum(free), changed


def _is_of_all(finding: Finding) -> bool:
    return any(word in finding.rule for word in _WHOLE)


def _sentences_of(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans of the sentences and quotes that hold a place (a quote is not cut in two), and the places."""
    if not spans:
        return []
    marked = Cover(spans)
    wholes = [(each.start, each.end) for each in sentences.split(text)]
    wholes += [(each.start, each.end) for each in quoted.find(text)]
    return [*spans, *(each for each in wholes if marked.touches(*each))]


def _words_of(content: Content) -> tuple[str, ...]:
    return tuple(getattr(content, field) for field in FIELDS)
