"""The part of the day in a person's words: tomorrow morning, heute Abend, ce soir, 午後: which 8 o'clock is meant.

A library that reads dates drops such a word ("明日 午後3時" comes out as three in the night), so it is read here.
"""

from datetime import time
from typing import NamedTuple

import regex

from core.errors import BadInput


class Part(NamedTuple):
    """A part of the day: its name, and its hours, from and until."""

    name: str
    first: int
    last: int


MORNING, AFTERNOON, EVENING, NIGHT = (
    Part("morning", 4, 11),
    Part("afternoon", 12, 19),
    Part("evening", 16, 23),
    Part("night", 18, 23),  # after midnight it may be either day's: that is asked
)
DAWN = Part("time before dawn", 0, 6)
HALF = Part("half of the day after noon", 12, 23)  # 午後, 下午, 오후: all of it

_DAYS = (  # words that name a day and a part of it
    (
        "today",
        EVENING,
        r"this evening|ce soir|stasera|vanavond|i ?kveld|i ?kväll|i aften|esta noche|tänä iltana|今晩|今夜|今晚",
    ),
    ("today", NIGHT, r"tonight|hoje à noite"),
    ("today", AFTERNOON, r"this afternoon|cet après-midi|esta tarde|vanmiddag|i ettermiddag|i eftermiddag"),
    ("today", MORNING, r"this morning|ce matin|esta mañana|stamattina|vanochtend|今朝"),
    ("morgen", MORNING, r"morgenochtend|morgen früh"),
    ("morgen", AFTERNOON, r"morgenmiddag"),
    ("morgen", EVENING, r"morgenavond"),
)
_WORDS = (
    (MORNING, r"(?:in the )?morning|(?:am )?vormittags?|am Morgen|morgens|(?:du |le )?matin"),
    (MORNING, r"(?:por|de) la mañana|(?:di |della )?mattina|(?:da|de|pela) manhã|(?:'s )?ochtends?"),
    (MORNING, r"om morgenen|på morgenen|på morgonen|om formiddagen|rano|утром|утра|ráno|вранці|ранку|sabahı?"),
    (AFTERNOON, r"(?:in the )?afternoon|(?:am )?nachmittags?|(?:de l[’'])?après-midi|(?:di |del )?pomeriggio"),
    (AFTERNOON, r"(?:por|de) la tarde|(?:da|de|à) tarde|(?:'s )?middags|om ettermiddagen|på eftermiddagen"),
    (AFTERNOON, r"om eftermiddagen|po południu|днём|днем|дня|odpoledne|öğleden sonra|iltapäivällä"),
    (EVENING, r"(?:in the )?evening|(?:am )?abends?|(?:du )?soir|(?:di |della )?sera|(?:'s )?avonds?"),
    (EVENING, r"(?:por|de) la noche|(?:da|de|à) noite|om kvelden|på kvelden|på kvällen|om aftenen|wieczorem"),
    (EVENING, r"вечером|вечера|ввечері|вечора|večer|akşamı?|illalla"),
    (NIGHT, r"(?:at )?night|(?:in der )?nachts?|(?:de )?nuit|(?:di )?notte|om natten|на ніч|ночи|ночью"),
)
_CJK = (
    (MORNING, "午前|上午|早上|早晨|朝|오전|아침"),
    (HALF, "午後|下午|오후"),
    (DAWN, "凌晨|未明|새벽"),
    (EVENING, "晚上|夜|晩|夕方|傍晚|저녁"),
)
_PATTERNS = (
    *((part, word, regex.compile(rf"(?<!\w)(?:{said})(?!\w)", regex.IGNORECASE)) for word, part, said in _DAYS),
    *((part, "", regex.compile(rf"(?<!\w)(?:{said})(?!\w)", regex.IGNORECASE)) for part, said in _WORDS),
    *((part, "", regex.compile(said)) for part, said in _CJK),
)


_HOUR_BEFORE = regex.compile(r"(?<![\w.:/-])(?<!\b(?:halb|halv|half|past|to) )([1-9]|1[0-2])\s+$")  # 9 in the morning
_HOUR_AFTER = regex.compile(r"^\s+([1-9]|1[0-2])$")  # friday afternoon 3


class Parted(NamedTuple):
    """A part of the day, its words, and what is left of the text without them."""

    part: Part
    said: str
    rest: str


def part_in(said: str) -> Parted | None:
    """Return the part of the day that a text names, and the text with only the day left of it; None: it names none."""
    for part, day, pattern in _PATTERNS:
        if found := pattern.search(said):
            before = _HOUR_BEFORE.sub(r"\1:00 ", said[: found.start()])
            after = _HOUR_AFTER.sub(r" \1:00", said[found.end() :])
            return Parted(part, found[0], " ".join(f"{before} {day} {after}".split()))
    return None


def in_part(at: time, part: Part, said: str, *, exact: bool) -> tuple[time, str]:
    """Return which time is meant in a part of the day, and a note where that is not the hour that was written.

    `exact`: it was written with am or pm. BadInput for an hour that is not in that part.
    """
    if part.first <= at.hour <= part.last:
        return at, ""
    later = at.hour + 12
    if not exact and 1 <= at.hour <= 11 and part.first <= later <= part.last:
        moved = at.replace(hour=later)
        return moved, f"“{said}”, {at:%H:%M} is read as {moved:%H:%M}."
    raise BadInput(
        f"{at:%H:%M} is no time of the {part.name} (“{said}”).", f"Write the day and {at:%H:%M}, without “{said}”."
    )
