"""Where a line may end: the line-breaking rules of Unicode (UAX #14), most of them.

Korean is parted between its words alone, as its titles are. Left out: words of scripts that write without spaces and
need a dictionary (Thai, Lao, Khmer, Burmese): these are parted only where a word is longer than its line, between what
is read as one character; a zero-width space says where a word ends.
"""

import unicodedata
from functools import lru_cache

import regex

_ALL = (
    "AI AL B2 BA BB BK CB CJ CL CM CP CR EB EM EX GL H2 H3 HL HY ID IN IS JL JT JV LF NL NS NU OP PO PR QU RI SA SG "
    "SP SY WJ XX ZW ZWJ AK AP AS VF VI"
)
_CLASSES = tuple(_ALL.split())
_READ_AS = {"AI": "AL", "SG": "AL", "XX": "AL", "SA": "AL", "CJ": "NS", "AK": "AL", "AP": "AL", "AS": "AL"}
_READ_AS |= dict.fromkeys(("H2", "H3", "JL", "JV", "JT"), "AL")  # Korean
_KEPT = (  # no line ends between the left and the right; the rules' numbers in their order
    ("*", "WJ GL CL CP EX SY IS QU BA HY NS IN"),  # 11, 12a, 13, 19, 21, 22
    ("WJ GL OP QU BB", "*"),  # 11, 12, 14, 19, 21
    ("SY", "HL"),  # 21b
    ("AL HL", "NU"),
    ("NU", "AL HL"),
    ("PR", "ID EB EM"),
    ("ID EB EM", "PO"),
    ("PR PO", "AL HL"),
    ("AL HL", "PR PO"),
    ("CL CP NU", "PO PR"),
    ("PO PR", "OP NU"),
    ("HY IS NU SY", "NU"),
    ("AL HL", "AL HL"),
    ("IS", "AL HL"),
    ("AL HL NU", "OP"),
    ("CP", "AL HL NU"),
    ("EB", "EM"),
)
_TOGETHER = frozenset(
    (left, right)
    for lefts, rights in _KEPT
    for left in (lefts.split() if lefts != "*" else [*_CLASSES])
    for right in (rights.split() if rights != "*" else [*_CLASSES])
)
_WIDE_OPENING = "OP30"  # 「 and its like: a line may begin with one after a letter, and after a wide closing sign (30)
_ACROSS_SPACES = frozenset(
    [("OP", kind) for kind in (*_CLASSES, _WIDE_OPENING)]
    + [(kind, "NS") for kind in ("CL", "CP")]
    + [("B2", "B2"), ("QU", "OP"), ("QU", _WIDE_OPENING)]
)
_NEVER_FIRST = frozenset(("CL", "CP", "EX", "IS", "SY", "WJ"))  # not even after a space


def breaks(text: str) -> list[int]:
    """Return the offsets at which a new line may begin, the text's end not among them. The text has no line breaks."""
    found: list[int] = []
    before, spaced, flags, hebrew = "", False, 0, False
    for at, character in enumerate(text):
        kind = _class(character)
        if kind in ("CM", "ZWJ") and before and not spaced and before not in ("SP", "ZW"):
            if kind == "ZWJ":
                before = "ZWJ"  # what follows stays with it
            continue
        kind = "AL" if kind in ("CM", "ZWJ") else kind
        held = hebrew and not spaced  # what follows a hyphen in Hebrew
        if (
            before
            and kind not in ("SP", "ZW")
            and (before == "ZW" or (not held and _may_end(before, kind, spaced, flags)))
        ):
            found.append(at)
        if kind == "SP":
            spaced = True
            continue
        hebrew = before == "HL" and kind in ("HY", "BA")
        flags = flags + 1 if kind == "RI" else 0
        before, spaced = "OP" if kind == _WIDE_OPENING else kind, False
    return found


def characters(text: str) -> list[int]:
    """Return where each character as people read it begins, but the first: where a too long word may be cut."""
    return [match.start() for match in regex.finditer(r"\X", text)][1:]


def _may_end(before: str, kind: str, spaced: bool, flags: int) -> bool:
    if spaced:
        return kind not in _NEVER_FIRST and (before, kind) not in _ACROSS_SPACES
    if before == "ZWJ" or before == kind == "B2":
        return False
    if before == kind == "RI":
        return flags % 2 == 0
    if before == "CB" or kind == "CB":
        return True
    if kind == _WIDE_OPENING:
        return before not in ("WJ", "GL", "OP", "QU", "BB")
    return (before, kind) not in _TOGETHER


@lru_cache(maxsize=4096)
def _class(character: str) -> str:
    kind = next((each for each in _CLASSES if _pattern(each).match(character)), "AL")
    if kind == "OP" and unicodedata.east_asian_width(character) in "FWH":
        return _WIDE_OPENING
    if kind == "SA" and regex.match(r"\p{M}", character):
        return "CM"
    return _READ_AS.get(kind, kind)


@lru_cache(maxsize=64)
def _pattern(kind: str) -> "regex.Pattern[str]":
    try:
        return regex.compile(rf"\p{{Line_Break={kind}}}")
    except regex.error:  # a class that this version of the library's Unicode does not know yet
        return regex.compile(r"(?!)")
