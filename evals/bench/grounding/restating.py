"""One sentence told again: the same facts in other formats, marks, forms and orders."""

from collections.abc import Callable
from datetime import date
from random import Random

import regex

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_ANY_MONTH = "|".join(_MONTHS)
_DAY_US = regex.compile(rf"\b(?P<month>{_ANY_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?\b")
_DAY_GB = regex.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_ANY_MONTH})(?:,? (?P<year>\d{{4}}))?\b"
)
_THOUSANDS = regex.compile(r"(?<![\d.,/-])\d{1,3}(?:,\d{3})+(?![\d.,]\d)")
_PLAIN = regex.compile(r"(?<![\d.,:/\p{L}$€£-])(?!(?:19|20)\d\d)\d{4,6}(?![\d.,:/\p{L}%-])")
_MONEY = regex.compile(r"\$(?P<n>\d+(?:\.\d+)?) (?P<scale>million|billion)\b")
_TIME = regex.compile(r"\b(?P<h>[1-9]|1[0-2])(?::(?P<m>\d\d))? ?(?P<half>[ap])\.?m\.?(?!\w)", regex.IGNORECASE)
_COMMON = (
    ("do not", "don't"), ("does not", "doesn't"), ("it is", "it's"), ("we are", "we're"), ("cannot", "can't"),
    ("because", "since"), ("However, ", "But "), ("in order to", "to"), ("a lot of", "many"), ("such as", "like"),
    ("about", "around"), ("very ", ""), ("really ", ""), ("approximately", "roughly"), ("began", "started"),
)  # fmt: skip

Change = Callable[[str, Random], str]


def restated(said: str, language: str, rng: Random) -> str:
    """Return a sentence told again, with two to five of the changes that fit its language."""
    changes = [*_ANYWHERE, *(_ENGLISH if language == "en" else ())]
    for change in rng.sample(changes, min(len(changes), rng.randint(2, 5) if language == "en" else 2)):
        said = change(said, rng)
    return said


def dates(said: str, rng: Random) -> str:
    """Write whole dates and days of months in another style, a true day of the week before some."""
    for pattern in (_DAY_US, _DAY_GB):
        match = pattern.search(said)
        if match and 1 <= int(match["day"]) <= 28:
            return said[: match.start()] + _date(match, rng) + said[match.end() :]
    return said


def _date(match: "regex.Match[str]", rng: Random) -> str:
    day, month = int(match["day"]), _MONTHS.index(match["month"]) + 1
    short = match["month"][:3] + ("." if rng.random() < 0.5 and len(match["month"]) > 3 else "")
    if not match["year"]:
        return rng.choice(
            [
                f"{day} {match['month']}",
                f"{match['month']} {_nth(day)}",
                f"the {_nth(day)} of {match['month']}",
                f"{short} {day}",
            ]
        )
    at = date(int(match["year"]), month, day)
    return rng.choice(
        [
            f"{day} {match['month']} {at.year}", f"{match['month']} {_nth(day)}, {at.year}", at.isoformat(),
            f"{short} {day}, {at.year}", f"{at:%A}, {match['month']} {day}, {at.year}", f"{day} {short} {at.year}",
            f"{day}.{month}.{at.year}", f"{at.year}/{month:02}/{day:02}", f"{month}/{day}/{at.year}",
            f"{day:02}/{month:02}/{at.year}",
        ]
    )  # fmt: skip


def _nth(day: int) -> str:
    return f"{day}{'th' if 10 < day < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def counts(said: str, rng: Random) -> str:
    """Write thousands with other separators, in words or short."""

    def other(match: "regex.Match[str]") -> str:
        value = int(match[0].replace(",", ""))
        forms = [str(value), f"{value:,}", f"{value:,}".replace(",", " "), f"{value:,}".replace(",", "\u202f")]
        if value % 100 == 0 and value < 1_000_000:
            forms += [f"{value / 1000:g}k", f"{value / 1000:g}K"]
        if value % 1000 == 0:
            forms += [f"{value // 1000} thousand"]
        return rng.choice(forms)

    return _PLAIN.sub(other, _THOUSANDS.sub(other, said))


def small(said: str, rng: Random) -> str:
    """Write small numbers in words as digits, and digits in words."""
    if rng.random() < 0.5:
        words = "|".join(_SMALL[2:])
        return regex.sub(rf"(?<![-\w])(?:{words})(?![-\w])(?= [\p{{Ll}}])", lambda m: str(_SMALL.index(m[0])), said)
    return regex.sub(r"(?<![\d.,:/$€£#\p{L}-])([2-9]|1[0-2])(?= [\p{Ll}]{3,})", lambda m: _SMALL[int(m[1])], said)


def percents(said: str, rng: Random) -> str:
    """Write per cent in words or signs."""
    if "%" in said:
        return regex.sub(r"(?<=\d)%", rng.choice([" percent", " per cent", " %", "\u00a0%"]), said)
    return regex.sub(r"(?<=\d) per ?cent\b", rng.choice(["%", " %"]), said)


def money(said: str, rng: Random) -> str:
    """Write millions short, in full, or with the currency's name."""

    def other(match: "regex.Match[str]") -> str:
        n, letter = match["n"], match["scale"][0]
        full = float(n) * (10**6 if letter == "m" else 10**9)
        return rng.choice(
            [
                f"${n}{letter.upper()}",
                f"${full:,.0f}",
                f"{n} {match['scale']} dollars",
                f"US${n}{letter}n" if letter == "b" else f"US${n}m",
            ]
        )

    return _MONEY.sub(other, said)


def times(said: str, rng: Random) -> str:
    """Write a time of day by the other clock, or with other marks."""

    def other(match: "regex.Match[str]") -> str:
        hour, minute, half = int(match["h"]), match["m"] or "00", match["half"].lower()
        whole = hour % 12 + (12 if half == "p" else 0)
        return rng.choice(
            [f"{whole:02}:{minute}", f"{hour}:{minute} {half}.m.", f"{hour}{f':{minute}' if match['m'] else ''}{half}m"]
        )

    return _TIME.sub(other, said)


def units(said: str, rng: Random) -> str:
    """Write units short or in full, with a hyphen or without a space."""
    for long, short in (
        ("kilometers", "km"),
        ("minutes", "min"),
        ("hours", "hrs"),
        ("kilograms", "kg"),
        ("megabytes", "MB"),
    ):
        said = regex.sub(rf"(?<=\d) {long}\b", rng.choice([f" {short}", f"\u00a0{short}", f" {long}"]), said)
    return (
        regex.sub(r"(?<=\d) (day|week|year|minute|hour)s\b(?= [\p{Ll}])", r"-\1", said) if rng.random() < 0.2 else said
    )


def marks(said: str, rng: Random) -> str:
    """Set the quotation marks and apostrophes that another editor sets."""
    before, after = rng.choice([("“", "”"), ("„", "“"), ("«", "»"), ('"', '"'), ("‘", "’")])
    if regex.search(r"“[^“”]*’[^“”]*”|\"[^\"]*'[^\"]*\"", said) and before == "‘":
        before, after = "“", "”"
    said = regex.sub(r"“([^“”\n]+)”", rf"{before}\1{after}", regex.sub(r'(?<![\w=])"([^"\n]+)"(?!\w)', r"“\1”", said))
    return said.replace("'", "’") if rng.random() < 0.5 else said.replace("’", "'") if before != "‘" else said


def ellipses(said: str, rng: Random) -> str:
    """Leave words out of a quote, and say so; or the comma that American editors put inside."""

    def shorter(match: "regex.Match[str]") -> str:
        words = match[1].split()
        if len(words) < 9:
            return match[0]
        at, gap = rng.randint(3, len(words) - 5), rng.choice(["…", "...", "[…]", "[...]", ". . .", "(…)"])
        return f"“{' '.join(words[:at])} {gap} {' '.join(words[at + 2 :])}”"

    return regex.sub(r"“([^“”\n]+)”", shorter, said)


def possessives(said: str, rng: Random) -> str:
    """Turn “of Name” into “Name's”, or put a name behind a hyphen."""
    if rng.random() < 0.5:
        return regex.sub(
            r"\bthe (\p{Ll}+) of (\p{Lu}[\p{L}]+)(?= [\p{Ll}]|[,.])",
            lambda m: f"{m[2]}{rng.choice(chr(39) + '’')}s {m[1]}",
            said,
            count=1,
        )
    return regex.sub(r"(?<=[\p{Ll}] )(\p{Lu}\p{Ll}{3,}) (team|project|office|staff)\b", r"\1-based \2", said, count=1)


def surnames(said: str, rng: Random) -> str:
    """Leave the first name of a person out, or shorten it."""
    cut = rng.choice([r"\3", r"\1. \3"])
    return regex.sub(
        r"(?<=[\p{Ll}] )(\p{Lu})(\p{Ll}{2,}) (\p{Lu}\p{Ll}{2,})(?= (?:said|says|is|was|of|from|joined))", cut, said
    )


def words(said: str, rng: Random) -> str:
    """Put a usual word in the place of another."""
    for one, two in rng.sample(_COMMON, 6):
        said = said.replace(one, two)
    return said[:1].upper() + said[1:]


def order(said: str, _: Random) -> str:
    """Move what stands before the first comma to the end: In May, we met. We met in May."""
    match = regex.fullmatch(r"((?:In|On|At|After|Before|During|By) [^,“\"]{3,40}), ([^“\"]+)\.", said)
    if not match or regex.search(r"^(?:I|\p{Lu}\w*\p{Lu})", match[2]):
        return said
    return f"{match[2][0].upper()}{match[2][1:]} {match[1][0].lower()}{match[1][1:]}."


def emphasis(said: str, rng: Random) -> str:
    """Set some words in bold or italics."""
    found = said.split(" ")
    if len(found) < 6 or said[0] in '“"«':
        return said
    at, mark = rng.randrange(1, len(found) - 2), rng.choice(["**", "*", "_"])
    if not (found[at].isalpha() and found[at + 1].isalpha()):
        return said
    return " ".join([*found[:at], mark + found[at], found[at + 1] + mark, *found[at + 2 :]])


def dashes(said: str, rng: Random) -> str:
    """Set dashes and spaces as another house does."""
    return regex.sub(r" ?[—–] ?", rng.choice([" — ", "—", " – ", " - "]), said)


_ANYWHERE: list[Change] = [marks, emphasis, dashes, ellipses]
_ENGLISH: list[Change] = [dates, counts, small, percents, money, times, units, possessives, surnames, words, order]
