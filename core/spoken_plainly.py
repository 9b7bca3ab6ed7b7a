"""What a time says in words, said in figures: "a las nueve", "half an hour", "Christmas Eve", 九時.

Only where a word can be nothing else there: an hour after the word for "at" or before the word for the hour, a feast
that has one date. What was read so is then read like any other time; a bare "at nine" is asked like "at 9".
"""

from functools import lru_cache
from importlib import resources
from typing import Any

import regex

AT = (
    r"(?:at|um|gegen|à|vers|a las|a la|sobre las|alle|alle ore|all[’']|ore|às|as|pelas|om|kl\.?|klo\.?|klokken|klokka"
    r"|klockan|o|v|ve|saat|в|во|о)"
)
"""What leads to an hour, in many languages."""


def plainly(said: str) -> str:
    """Return the words of a time with the figures in the place of the words that say one."""
    for pattern, figures in _rules():
        said = pattern.sub(figures, said)
    return _hours(said)


def _hours(said: str) -> str:
    spelled, cjk = _numbers()
    for pattern in _frames():
        said = pattern.sub(lambda match: f"{match['before']}{spelled[match['word'].casefold()]}", said)
    return _cjk_frame().sub(lambda match: str(cjk[match[0]]), said)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    import yaml

    text = resources.files(__package__).joinpath("spoken.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


@lru_cache(maxsize=1)
def _numbers() -> tuple[dict[str, int], dict[str, int]]:
    spelled = {
        word.casefold(): hour for words in _data()["hours"].values() for hour, word in enumerate(words.split(), start=1)
    }
    return spelled, {word: hour for hour, word in enumerate(_data()["cjk_hours"].split(), start=1)}


@lru_cache(maxsize=1)
def _rules() -> "tuple[tuple[regex.Pattern[str], str], ...]":
    """Return the feasts with their dates, and the spans with their minutes, the longest words first."""
    pairs = [
        (form.strip(), written.format(figures))
        for kind, written in (("feasts", "{}"), ("spans", "{} min"))
        for figures, forms in _data()[kind].items()
        for form in forms.split("|")
    ]
    pairs += [("daqui a", "em"), ("полчаса", "30 минут")]
    return tuple((_whole(form), figures) for form, figures in sorted(pairs, key=lambda pair: -len(pair[0])))


def _whole(form: str) -> "regex.Pattern[str]":
    spaced = regex.search(r"[\p{Han}\p{Katakana}]", form) is None
    return regex.compile(rf"(?<!\w){form}(?!\w)" if spaced else form, regex.IGNORECASE)


@lru_cache(maxsize=1)
def _frames() -> "tuple[regex.Pattern[str], ...]":
    word = rf"(?P<word>{'|'.join(sorted(map(regex.escape, _numbers()[0]), key=len, reverse=True))})(?!\w)"
    return tuple(
        regex.compile(frame, regex.IGNORECASE)
        for frame in (
            rf"(?P<before>(?<!\S){AT}\s(?:halb|halv|half)?\s?){word}(?!\s(?:thirty|fifteen|forty|twenty|past|to)\b)",
            rf"(?P<before>(?<!\S)(?:halb|halv|(?:half|quarter) past|quarter to)\s){word}",
            rf"(?P<before>(?<!\S)){word}(?=\s(?:uhr|uur|heures?|horas|часов|часа|o['’]clock|[ap]\.?m|in the)(?!\w))"
            r"(?<!\b(?:in|dans|en|em|over|tra|fra|через|за)\s\w+)",
        )
    )


@lru_cache(maxsize=1)
def _cjk_frame() -> "regex.Pattern[str]":
    either = "|".join(sorted(_numbers()[1], key=len, reverse=True))
    return regex.compile(rf"(?<![一二三四五六七八九十])(?:{either})(?=[時时點点])")
