"""Whether something is still to come, by the words: a request has no clock, so an opening must hold on any day."""

import re

from models.rehearsal.reading import sentences

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_DAYS = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DATE = (
    rf"(?:(?:{_DAYS},?\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})|(?:{_MONTHS})\s+\d{{1,2}}|{_DAYS}"
    r"|\d{4}-\d\d-\d\d)\b"
)
_DAY_SAID = re.compile(
    rf"\b(?:out|available|open|opens|opening|starts?|begins?|airs?|launch(?:es)?|live|due|here|published)\s+"
    rf"(?:again\s+)?(?:on|from)\s+(?:the\s+)?{_DATE}",
    re.I,
)
_AHEAD = re.compile(
    rf"\b(?:coming|upcoming|will|soon|tomorrow|tonight|join us|save the date|rsvp|register|sign up|tickets?"
    rf"|next (?:week|month|year|{_DAYS})"
    rf"|(?:on|from|until|by)\s+(?:the\s+)?{_DATE}"
    r"|gatherings?|meetings?|workshops?|webinars?|open days?|concerts?|exhibitions?"
    r"|festivals?|conferences?|launch party|fairs?|book club|courses?|tours?|events?)\b",
    re.I,
)
HEAD = 6  # sentences of the material in which a day is looked for
LONGEST = 140  # characters of the sentence that says the day


def points_ahead(ask: str, source: str) -> bool:
    """Say whether the ask, or the head of its material, names a later day or an event."""
    return bool(_AHEAD.search(ask)) or any(_DAY_SAID.search(each) for each in _head(source))


def day_said(source: str) -> str:
    """Return the sentence of the material that says on which day; empty where none does."""
    return next((each for each in _head(source) if len(each) <= LONGEST and _DAY_SAID.search(each)), "")


def _head(source: str) -> list[str]:
    return [sentence.text for sentence in sentences(source[:4000])[:HEAD]]
