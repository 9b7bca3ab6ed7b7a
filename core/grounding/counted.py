"""Numbers and dates in a draft that none of its sources say, or say of something else."""

from collections.abc import Iterator, Sequence

import regex

from core import hashtags, links, sentences
from core.drafts import Finding, Severity
from core.grounding import figures
from core.grounding.figures import Figure
from core.grounding.ground import Ground
from core.grounding.passages import Alike
from core.spans import Cover, Span

SMALL = 12  # a small round number before "ways", "lessons" … counts what follows in the draft itself
ALIKE, SHARED = 0.7, 4
"""Of a draft's sentence: with so much of it, and so many words, in a source's sentence, it tells that one again."""
NEAR, NEAR_SAID = 0.05, 0.1  # how far a rounded number is from its source at most; where the draft says "about"

_COUNTED = regex.compile(
    r"[\s-]+(?:\w+[\s-]+)?(?:ways?|things?|tips?|lessons?|reasons?|steps?|ideas?|questions?|points?|takeaways?|rules?|"
    r"parts?|words?|minutes?|posts?|pieces?|examples?|quotes?)\b",
    regex.IGNORECASE,
)
_LIST_NUMBER = regex.compile(r"(?:^|\n)[ \t]*[(\[]?\d{1,2}(?:[.)\]]|/\d{1,2}[)\]]?)(?=\s)|\(?\b\d{1,2}/\d{1,2}\)?\s*$")
_STAMP = regex.compile(r"^(?:\d{1,2}:)?\d{1,2}:\d{2}(?=\s)", regex.MULTILINE)
IDLE = frozenset(("one", "once", "first", "half", "zero"))
_YEAR = regex.compile(r"1[5-9]\d\d|20\d\d")
_NTH = regex.compile(r"(?:st|nd|rd|th|\.|º|ª|er|日)$", regex.IGNORECASE)
_BESIDE = regex.compile(r"[\p{L}\p{M}]+")
_ALMOST = regex.compile(
    r"\b(?:about|around|almost|nearly|roughly|some|over|under|approximately|close to|up to|(?:more|less|fewer) than|"
    r"casi|unos|unas|cerca de|alrededor de|más de|menos de|etwa|rund|fast|knapp|über|mehr als|weniger als)\s+[$€£¥]?$|"
    r"(?:約|およそ|~|≈|c\.)\s*[$€£¥]?$",
    regex.IGNORECASE,
)
_MULTIPLE = {"doubl": "2", "tripl": "3", "quadrupl": "4", "halv": "0.5"}


def findings(text: str, known: Ground, language: str = "en", dates: Sequence[Span] = ()) -> Iterator[Finding]:
    """Yield the numbers that no source says, those that it says of something else, and as notes those only rounded.

    What stands in `dates` is left to the check of dates.
    """
    aside = Cover((*_aside(text), *dates))
    spans = sentences.split(text)
    for figure in figures.find(text, language):
        if aside.holds(figure.start) or _counts_itself(figure, text):
            continue
        if not _is_known(figure, known):
            yield _unknown(figure, text, known)
        elif problem := _elsewhere(figure, spans, known, language):
            yield _finding("invented_number", problem, figure)
    if language == "en":
        yield from _vague(text, known)


def _unknown(figure: Figure, text: str, known: Ground) -> Finding:
    if near := _rounded(figure, text, known):
        return _finding("rounded_number", f"{figure.text} is rounded: your sources say {near}.", figure, "note")
    return _finding("invented_number", f"{figure.text} stands in none of your sources.", figure)


def _is_known(figure: Figure, known: Ground) -> bool:
    if figure.unit == figures.MONTH:
        return any(value.isdigit() and int(value) in known.months for value in figure.values)
    said = frozenset().union(*(known.units.get(value, ()) for value in figure.values))
    if said - {"calendar"} or (said and _NTH.search(figure.text)):
        return True
    return any(unit in known.units.get(value, ()) for value, unit in figures.same_amounts(figure))


def _elsewhere(figure: Figure, spans: list[sentences.Span], known: Ground, language: str) -> str:
    """Return what is wrong with a number that some source says, but not so: empty for nothing."""
    if figure.unit == figures.MONTH:
        return ""  # a month that a source names: twelve of something there make no other month of December
    said = frozenset().union(*(known.units.get(value, ()) for value in figure.values))
    if said and figure.unit and figure.unit not in said and (said - {""} or figure.unit in ("percent", "money")):
        return f"Your sources say {figure.text}, but of something else."
    if not figure.unit and said - {"calendar"} and said <= {"percent", "money", "calendar"}:
        return f"Your sources say {figure.text} only as {' or '.join(sorted(said - {'calendar'}))}."
    sentence = next((span for span in spans if span.start <= figure.start < span.end), None)
    return _contradicts(figure, sentence.text, sentence.start, known, language) if sentence else ""


def _contradicts(figure: Figure, sentence: str, at: int, known: Ground, language: str) -> str:
    """Return a message where the sentences that a draft's sentence tells again have other numbers, and not this one."""
    told = [each for each in known.passages.like(sentence, 6) if _tells(each)]
    if not told:
        return ""
    found = [(each.text, figures.find(each.text, language)) for each in told]
    if any(figures.are_one(figure, other) for _, others in found for other in others):
        return ""
    beside = _neighbours(sentence, figure.start - at, figure.end - at)
    same = (
        other
        for text, others in found
        for other in others
        if other.text.casefold() not in IDLE and beside & _neighbours(text, other.start, other.end)
    )
    other = next(same, None)
    return f"Where your source says this, it says {other.text}, not {figure.text}." if other else ""


def _neighbours(text: str, start: int, end: int) -> set[tuple[str, ...]]:
    """Return the two words before a number and the two after it, as pairs: where they are the same, it is the same."""
    before, after = _BESIDE.findall(text[:start])[-2:], _BESIDE.findall(text[end:])[:2]
    pairs = (("before", *before), ("after", *after))
    return {tuple(word.casefold() for word in pair) for pair in pairs if len(pair) == 3}


def _tells(passage: Alike) -> bool:
    return passage.share >= ALIKE and passage.shared >= SHARED


def _rounded(figure: Figure, text: str, known: Ground) -> str:
    """Return the number of the sources that this one may be a rounded form of; empty for none."""
    about = _ALMOST.search(text, max(0, figure.start - 25), figure.start) is not None
    for value in figure.values:
        if not _is_plain(value) or float(value) < SMALL or (not about and _is_year(figure)):
            continue
        here = float(value)
        for other, units in known.units.items():
            if not _is_plain(other) or (figure.unit and figure.unit not in units) or _digits(value) >= _digits(other):
                continue
            there = float(other)
            if abs(there - here) <= (NEAR_SAID if about else NEAR) * here:
                return f"{there:,.10g}"
    return ""


def _is_year(figure: Figure) -> bool:
    """Say whether a number is more likely a year than a round count: 1970, not 1,970."""
    return not figure.unit and regex.fullmatch(r"(?:1[5-9]\d\d|20\d\d)(?:['’]?s)?", figure.text) is not None


def _digits(value: str) -> int:
    """Return how many digits of a number say something: 2 of 1,200."""
    return len(value.replace(".", "").strip("0"))


def _is_plain(value: str) -> bool:
    return regex.fullmatch(r"\d+(?:\.\d+)?", value) is not None


def _counts_itself(figure: Figure, text: str) -> bool:
    """Say whether a number needs no source: a mere turn of phrase, or one that counts the draft's own list."""
    if figure.spelled and figure.text.casefold() in IDLE:
        return True
    if (
        figure.spelled
        and regex.match(r"\s*,", text[figure.end :])
        and regex.search(r"(?:^|[.!?]\s)$", text[: figure.start])
    ):
        return True  # Second, we …
    small = all(regex.fullmatch(r"\d+|0\.5", value) and float(value) <= SMALL for value in figure.values)
    return small and _COUNTED.match(text, figure.end) is not None


def _vague(text: str, known: Ground) -> Iterator[Finding]:
    there = [float(value) for value in known.units if _is_plain(value) and not _YEAR.fullmatch(value)]
    for start, end, least in figures.vague(text):
        said = text[start:end].casefold()
        if f" {said} " not in known.flat and not any(least <= value < 1000 * least for value in there):
            yield _at("invented_number", f"{text[start:end]} stands in none of your sources.", start, end)
    for start, end, stem in figures.times(text):
        number = _MULTIPLE.get(stem, stem)
        if not any(word.startswith(stem) for word in known.words) and number not in known.units:
            yield _at("invented_number", f"{text[start:end]} stands in none of your sources.", start, end)


def _aside(text: str) -> list[tuple[int, int]]:
    """Return where digits are no claims: links, hashtags, list numbers, chapters and thread counters."""
    found = [(link.start, link.end) for link in links.find(text)]
    found += [(tag.start, tag.end) for tag in hashtags.find(text)]
    return found + [match.span() for pattern in (_LIST_NUMBER, _STAMP) for match in pattern.finditer(text)]


def _finding(rule: str, message: str, figure: Figure, severity: Severity = "warning") -> Finding:
    return _at(rule, message, figure.start, figure.end, severity)


def _at(rule: str, message: str, start: int, end: int, severity: Severity = "warning") -> Finding:
    return Finding(rule=rule, severity=severity, message=message, span=(start, end))
