"""Times of day and shares in a text, as figures: 14h30 and 14:30 are one time, 4割 and 40 % one share."""

from collections.abc import Iterator

import regex

_TIME = regex.compile(
    r"(?<![\d.,:/\p{L}-])(?P<hour>[01]?\d|2[0-4])(?:\s?(?:h|時|时|點|点|시)\s?(?P<minute>[0-5]\d)(?:\s?[分분])?|:(?P<minute2>[0-5]\d)"
    r"|\s?h(?=[\s.,;!?)]|$)|\s?(?:uhr|uur)\s(?P<minute3>[0-5]\d)\b|\.(?P<minute4>[0-5]\d)(?=\s?(?:uhr|uur)\b))"
    r"(?![\d:]|[.,]\d)(?:\s?(?P<half>[ap])\.?m\b)?",
    regex.IGNORECASE,
)
_SHARE = regex.compile(
    r"(?P<tenths>\d{1,2}(?:\.\d+)?|[一二三四五六七八九])\s?(?:割(?:(?P<hundredths>\d)分)?|成(?![人年功立果長长]))"
)
_HAN = {sign: value for value, sign in enumerate("一二三四五六七八九", start=1)}
_SPAN = regex.compile(r"\b(?:in|dans|en|em|tra|fra|over|om|for|of|de|für|pendant|durante|por)\s$", regex.IGNORECASE)

Found = tuple[int, int, str, frozenset[str], bool]
"""Where a figure stands (end exclusive), its text, what it may mean, and that it is not spelled out."""


def times(text: str) -> Iterator[Found]:
    """Yield the times of day of a text: on the hour also as the bare hour, which "9 Uhr" and "9 h" are told by."""
    for match in _TIME.finditer(text):
        minute = next((match[name] for name in ("minute", "minute2", "minute3", "minute4") if match[name]), None)
        hour = int(match["hour"])
        if match["half"]:
            hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
        elif minute is None and _SPAN.search(text, max(0, match.start() - 12), match.start()):
            continue  # 2 h of work
        said = {f"{hour:02}:{minute or '00'}"}
        if minute in (None, "00"):
            said |= {str(hour), match["hour"].lstrip("0") or "0"}
        yield match.start(), match.end(), match[0], frozenset(said), False


def shares(text: str) -> Iterator[Found]:
    """Yield the shares that are told in tenths, as a percentage."""
    for match in _SHARE.finditer(text):
        tenths = _HAN.get(match["tenths"]) or float(match["tenths"])
        value = tenths * 10 + int(match["hundredths"] or 0)
        if value <= 100:
            yield match.start(), match.end(), match[0], frozenset({f"{value:.10g}"}), False
