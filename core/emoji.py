"""Which characters are one emoji: the sequences that vendors draw as a single picture."""

from functools import lru_cache

import regex

_FLAGS = """
AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA
CC CD CF CG CH CI CK CL CM CN CO CP CQ CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET EU FI FJ FK FM
FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM
JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS
MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""

_SKIN = "[\U0001f3fb-\U0001f3ff]"
_PERSON = f"[👨👩🧑]{_SKIN}?"
_ROLE = "(?:[⚕⚖✈]\ufe0f?|[🌾🍳🍼🎄🎓🎤🎨🏫🏭💻💼🔧🔬🚀🚒🦯🦼🦽🦰🦱🦲🦳🩰])"

_JOINED = (
    f"{_PERSON}\u200d❤\ufe0f?\u200d(?:💋\u200d)?{_PERSON}",  # couples
    f"{_PERSON}\u200d🤝\u200d{_PERSON}",  # holding hands
    f"{_PERSON}\u200d{_ROLE}(?:\u200d➡\ufe0f?)?",  # people at work, hair, a cane or chair
    "[👨👩](?:\u200d[👨👩])?\u200d[👧👦](?:\u200d[👧👦])?",  # families
    "🧑(?:\u200d🧑)?\u200d🧒(?:\u200d🧒)?",
    f"(?:\\p{{Emoji_Modifier_Base}}{_SKIN}?|[👯🤼🧞🧟]|[⛹🏋🏌🕵]\ufe0f)\u200d[♀♂]\ufe0f?(?:\u200d➡\ufe0f?)?",  # by gender
    f"[🏃🚶🧎]{_SKIN}?\u200d➡\ufe0f?",
    f"🫱{_SKIN}\u200d🫲{_SKIN}",
    "❤\ufe0f?\u200d[🔥🩹]|⛓\ufe0f?\u200d💥|👁\ufe0f?\u200d🗨\ufe0f?|🏴\u200d☠\ufe0f?",
    "🏳\ufe0f?\u200d(?:🌈|⚧\ufe0f?)|😮\u200d💨|😵\u200d💫|😶\u200d🌫\ufe0f?|🙂\u200d[↔↕]\ufe0f?",
    "🐕\u200d🦺|🐈\u200d⬛|🐻\u200d❄\ufe0f?|🐦\u200d(?:⬛|🔥)|🍋\u200d🟩|🍄\u200d🟫",
)


def _flag(code: str) -> str:
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in code)


@lru_cache(maxsize=1)
def pattern() -> "regex.Pattern[str]":
    """Return the pattern of one emoji, longest sequence first.

    A joined sequence that no vendor draws as one picture is not in it: X counts its parts one by one.
    """
    kinds = (
        "\U0001f3f4(?:\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074"
        "|\U000e0077\U000e006c\U000e0073)\U000e007f)",  # England, Scotland, Wales
        *_JOINED,
        r"\L<national>",
        "[0-9#*]\ufe0f?\u20e3",
        f"\\p{{Emoji_Modifier_Base}}{_SKIN}",
        "(?=\\p{Emoji_Presentation})[\u231a-\u2bff🀄🈚🈯](?:\ufe0f|(?!\ufe0e))",
        "(?=\\p{Emoji_Presentation})[^\u231a-\u2bff🀄🈚🈯]",
        r"(?=\p{Emoji})\p{Extended_Pictographic}\ufe0f",
    )
    return regex.compile("|".join(kinds), national=[_flag(code) for code in _FLAGS.split()])


@lru_cache(maxsize=1)
def _drawn() -> "regex.Pattern[str]":
    return regex.compile("[\ufe0f\u20e3]|\\p{Emoji_Presentation}|(?=\\p{Emoji})(?![©®™])\\p{Extended_Pictographic}")


def is_emoji(grapheme: str) -> bool:
    """Say whether a grapheme is drawn as a picture, known sequence or not."""
    return _drawn().search(grapheme) is not None


def spans(text: str) -> list[tuple[int, int]]:
    """Return where each emoji stands, end exclusive."""
    return [match.span() for match in pattern().finditer(text)]
