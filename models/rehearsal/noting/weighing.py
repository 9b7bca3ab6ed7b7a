"""How much readers need a note: what it is, when, where, what it costs, how to come by it."""

import re

from core.grounding import days
from models.rehearsal.noting import marks

FIRST, REST = (
    6.0,
    3.0,
)  # the notes' first sentence is what they are about; the rest of that line is mostly when and where
DAY, FIRST_DAY, PRICE, ADDRESS, NEEDED = 2.0, 2.0, 2.5, 4.0, 1.5
SAID, NAME, MOST_NAMES, FIGURE, CLOCK = 0.8, 0.4, 1.2, 0.4, 1.0
LATER = 0.12  # less for each line further down

_ADDRESS = re.compile(r"https?://\S+|\S+@\S+\.\w+|(?<![\w@])(?:[\w-]+\.)+[a-z]{2,}(?:/[\w./~-]*)?(?!\w)", re.I)
_PHONE = re.compile(r"(?<![\w.])(?:\+|0|(?=(?:\D?\d){9}))\d?(?:[\s()/.-]{0,2}\d){6,}(?!\w)")
_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b|\b\d{4}-\d\d-\d\d\b|\b(?:19|20)\d\d\b")
_PRICE = re.compile(
    r"[$€£¥]\s?\d|(?:R\$|US\$)\s?\d|\d[\d.,]*\s?(?:€|£|\$|euros?\b|dollars?\b|zł|złot\w+|pesos?\b|reais\b|pounds?\b|円|kr\b|CHF\b)",
    re.I,
)
_CLOCK = re.compile(
    r"\b\d{1,2}(?:[:.h]\d{2}|\s?[ap]\.?m\.?\b|\s?h\b|\s?uhr\b|\s?uur\b)|godz|\d\s?時|\bnoon\b|\bmidnight\b", re.I
)
_QUOTED = re.compile(r"[\"“”«»„「]")
_NAME = re.compile(r"(?<=[\w,;:)] )[A-ZÀ-ÞĄĆĘŁŃÓŚŹŻ][\w’'-]+")


def address_in(text: str) -> str:
    """Return the first address of a text: a link, a bare one ("example.org/a"), a mail address; empty without."""
    found = _ADDRESS.search(text)
    return found[0].rstrip(".,;:") if found and not found[0][0].isdigit() else ""


def phones_in(text: str) -> list[str]:
    """Return the telephone numbers of a text as they stand there; a date is none."""
    return [found[0].strip() for found in _PHONE.finditer(_DATE.sub(lambda date: "x" * len(date[0]), text))]


def says_a_day(text: str, language: str) -> bool:
    """Say whether a text names a day of a month."""
    return bool(days.find(text, language))


def weight(text: str, language: str, *, line: int, first: bool) -> float:
    """Return how much a sentence of the notes is needed; higher is more."""
    value = FIRST if first else REST if line == 0 else 0.0
    value += DAY * says_a_day(text, language) + PRICE * bool(_PRICE.search(text))
    value += ADDRESS * bool(address_in(text) or phones_in(text)) + NEEDED * bool(marks.marked("first", text))
    value += (
        SAID * bool(_QUOTED.search(text)) + CLOCK * bool(_CLOCK.search(text)) + FIGURE * bool(re.search(r"\d", text))
    )
    return value + min(MOST_NAMES, NAME * len(_NAME.findall(text))) - LATER * line
