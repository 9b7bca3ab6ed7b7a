"""Habits of whole lines: hashtags, calls to action, the last question, a greeting, a sign-off, headings, lists."""

from collections.abc import Callable, Iterator

import regex

from core import hashtags, names, sentences
from core.edits.change import Change, Rewrite, keys
from core.edits.guard import can_be_lost, free, is_fact, quoted
from core.edits.lists import listed
from core.edits.rewriting import body_sentences, paragraphs, swaps
from core.edits.rules import Rule
from core.edits.traits import Trait, Verdict, fixed, plain
from core.keyphrases.closed import closed

GREETING, SIGN_OFF = 8, 14  # words: longer lines say something about this one piece

_TAIL = regex.compile(r"^(?:\s*(?:https?://\S+|[#＃][\p{L}\p{N}_]+))+\s*$")
_BULLET = regex.compile(r"^[ \t]*[-*•][ \t]+(?=\S)", regex.MULTILINE)
_HEADING = regex.compile(r"^#{1,6}[ \t]+(?P<words>[^\n]+?)[ \t]*$", regex.MULTILINE)
_BARE_LINK = regex.compile(r"^https?://\S+$")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’-]*")
LONG_WORD = 4


def traits() -> list[Trait]:
    """Return the traits of this room."""
    return [*_beginnings_and_ends(), *_layout()]


def _beginnings_and_ends() -> list[Trait]:
    return [
        Trait("hashtags", "no hashtags", plain(_hashtags), fixed("hashtags"), whole=True),
        Trait(
            "calls", "no calls to action", plain(_calls), fixed("calls"), whole=True, english=True, safe=loses_nothing
        ),
        Trait(
            "last_question",
            "no question at the end",
            plain(_last_question),
            fixed("last_question"),
            whole=True,
            safe=loses_nothing,
        ),
        Trait(
            "asks_at_end",
            "one question at the end",
            plain(_none),
            fixed("asks_at_end"),
            mechanical=False,
            judge=_asks_at_end,
        ),
        Trait("first_line", "“{new}” as the first line", _none, _greeting, judge=_begins_with, write=_greet),
        Trait("last_line", "“{new}” as the last line", _none, _sign_off, judge=_ends_with, write=_sign),
        Trait(
            "links_last",
            "links at the end",
            plain(_none),
            fixed("links_last"),
            judge=_links_last,
            write=_with_links_last,
        ),
    ]


def _layout() -> list[Trait]:
    return [
        Trait("lists", "sentences rather than bullet points", plain(_bullets), fixed("lists"), mechanical=False),
        Trait("headings", "no headings", plain(_headings), fixed("headings"), whole=True, mechanical=False),
        Trait(
            "sentence_case",
            "headings in sentence case",
            plain(_none),
            fixed("sentence_case"),
            judge=_lowered,
            write=_lower,
        ),
        Trait(
            "title_case", "headings in title case", plain(_none), fixed("title_case"), mechanical=False, judge=_raised
        ),
    ]


def _none(_text: str, _rule: Rule | None = None) -> list[Rewrite]:
    return []


def loses_nothing(text: str, cut: Rewrite) -> bool:
    """Say whether what a cut takes out stands elsewhere in the text as far as it is a matter of fact."""
    return can_be_lost(text[cut.start : cut.end], text[: cut.start] + text[cut.end :])


def _hashtags(text: str) -> list[Rewrite]:
    return [Rewrite(tag.start, tag.end, "") for tag in hashtags.find(text)]


def _calls(text: str) -> list[Rewrite]:
    pattern = regex.compile("|".join(listed("calls")), regex.IGNORECASE)
    spans = quoted(text)
    said = [span for span in sentences.split(text) if pattern.search(span.text)]
    return [Rewrite(span.start, span.end, "") for span in said if free(spans, span.start, span.start)]


def _last_question(text: str) -> list[Rewrite]:
    said = body_sentences(text)
    if not said or not said[-1].text.rstrip('"”’)* ').endswith("?"):
        return []
    return [Rewrite(said[-1].start, said[-1].end, "")]


def _asks_at_end(change: Change, _rule: Rule) -> Verdict | None:
    before, after = bool(_last_question(change.before)), bool(_last_question(change.after))
    if before == after:
        return None if before else "against"
    return "for" if after else "against"


def _lines(text: str) -> list[str]:
    """Return the lines of a text without those of links and hashtags alone."""
    return [line.strip() for part in paragraphs(text) for line in part.splitlines() if not _TAIL.match(line)]


def _greeting(change: Change) -> Iterator[Rule]:
    lines = _lines(change.after)
    if len(lines) > 1 and _is_frame(lines[0], change, GREETING):
        yield Rule(trait="first_line", new=lines[0])


def _sign_off(change: Change) -> Iterator[Rule]:
    lines = _lines(change.after)
    if len(lines) > 1 and _is_frame(lines[-1], change, SIGN_OFF):
        yield Rule(trait="last_line", new=lines[-1])


def _is_frame(line: str, change: Change, most: int) -> bool:
    words = [key for key in keys(line) if key[0].isalnum()]
    if not 0 < len(words) <= most or is_fact(line) or quoted(line) or hashtags.find(line):
        return False
    return change.remains and not _has(change.before, line)


def _has(text: str, line: str) -> bool:
    wanted, there = keys(line), keys(text)
    return any(there[at : at + len(wanted)] == wanted for at in range(len(there) - len(wanted) + 1))


def _begins_with(change: Change, rule: Rule) -> Verdict | None:
    return _framed(change, rule, _lines(change.after)[:1])


def _ends_with(change: Change, rule: Rule) -> Verdict | None:
    return _framed(change, rule, _lines(change.after)[-1:])


def _framed(change: Change, rule: Rule, there: list[str]) -> Verdict | None:
    if not change.remains or _has(change.before, rule.new):
        return None
    return "for" if there and keys(there[0]) == keys(rule.new) else "against"


def _greet(text: str, rule: Rule) -> str:
    return text if _has(text, rule.new) else f"{rule.new}\n\n{text}"


def _sign(text: str, rule: Rule) -> str:
    return text if _has(text, rule.new) else f"{text}\n\n{rule.new}"


def _stray(text: str) -> list[str]:
    """Return the lone links that something is said after."""
    parts = paragraphs(text)
    said = [at for at, part in enumerate(parts) if not _TAIL.match(part)]
    return [part for at, part in enumerate(parts) if _BARE_LINK.match(part) and said and at < said[-1]]


def _links_last(change: Change, _rule: Rule) -> Verdict | None:
    stray = _stray(change.before)
    kept = [link for link in stray if link in change.after]
    if not kept:
        return None
    return "against" if set(kept) & set(_stray(change.after)) else "for"


def _with_links_last(text: str, _rule: Rule) -> str:
    stray = _stray(text)
    return "\n\n".join([*(part for part in paragraphs(text) if part not in stray), *stray]) if stray else text


def _bullets(text: str) -> list[Rewrite]:
    return swaps(_BULLET, lambda _: "", words=False)(text)


def _headings(text: str) -> list[Rewrite]:
    return [Rewrite(*match.span(), "") for match in _HEADING.finditer(text)]


def _capitals(text: str) -> float | None:
    """Return the share of capitals among the longer words of headings, their first words aside; None without any."""
    found = [_WORD.findall(match["words"])[1:] for match in _HEADING.finditer(text)]
    long = [word for words in found for word in words if len(word) >= LONG_WORD and not word.isupper()]
    return sum(word[0].isupper() for word in long) / len(long) if long else None


def _lowered(change: Change, _rule: Rule) -> Verdict | None:
    return _case(change, lambda share: share > names.TITLE_CASE)


def _raised(change: Change, _rule: Rule) -> Verdict | None:
    return _case(change, lambda share: share <= names.TITLE_CASE)


def _case(change: Change, has_chance: Callable[[float], bool]) -> Verdict | None:
    before, after = _capitals(change.before), _capitals(change.after)
    if before is None or after is None or not has_chance(before):
        return None
    return "against" if has_chance(after) else "for"


def _never_names() -> frozenset[str]:
    """Return the English words that no name is made of: pronouns, adverbs, prepositions and their like."""
    return (closed().grammar | frozenset(listed("adverbs"))) - names.calendar_words()


def _lower(text: str, _rule: Rule) -> str:
    """Lower only what the text itself writes small elsewhere, and small words: no name loses its capital."""
    body = _HEADING.sub("", text)
    named = {word for name in names.find(body) for word in name.words} | names.listed("given")
    written = {word for word in _WORD.findall(body) if word.islower()}
    small = written | {word + "s" for word in written} | {word.removesuffix("s") for word in written}
    small = {word for word in small | _never_names() if word in written or word not in named}

    def line(match: "regex.Match[str]") -> str:
        first, *_ = _WORD.finditer(match["words"])
        words = match["words"]
        tail = _WORD.sub(lambda word: word[0].lower() if word[0].lower() in small else word[0], words[first.end() :])
        return match.group().replace(words, words[: first.end()] + tail)

    return _HEADING.sub(
        lambda match: line(match) if (_capitals(match.group()) or 0) > names.TITLE_CASE else match[0], text
    )
