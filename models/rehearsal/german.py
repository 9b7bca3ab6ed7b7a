"""German nouns that leave an order: "Kündige den neuen Kurs an" is about "der neue Kurs"."""

import re

_ARTICLE = re.compile(r"(?P<stem>dies|jed|d|[mds]?ein|kein|uns(?:e?r)|eu(?:e?r)|ihr)en\s+", re.IGNORECASE)
_ADJECTIVE = re.compile(r"(?P<stem>[a-zäöüß]+)en(?P<after>,?\s+)")  # small letters: a noun has a capital
_NOUN = re.compile(r"[A-ZÄÖÜ][\wäöüß-]*")
_LIKE_DER = {"d": "der", "dies": "dieser", "jed": "jeder"}
_FULL = {"unsr": "unser", "eur": "euer"}
_WEAK = re.compile(r"(?:ent|ant|ist|graf|graph|log|nom|pat)(?=en$)")  # "den Studenten": the noun changes too
_WEAK_N = re.compile(r"(?:[Kk]olleg|[Kk]und|[Nn]am|[Ee]xpert|[Jj]ung|[Gg]edank|[Ff]ried|[Gg]laub)en$")
_WEAK_EN = re.compile(r"(?:[Mm]ensch|[Hh]eld|[Pp]rinz|[Bb]är)en$|^Herrn$")
_IN_EN, _CAPITAL = re.compile(r"en$"), re.compile(r"\s+[A-ZÄÖÜ]")
_AND = re.compile(r"\s+(?:und|oder|sowie)\s+")


def nominative(text: str) -> str:
    """Return the object of an order as a subject; as it stands where it doesn't begin with a masculine article.

    What follows the noun stays, but for a second object that "und" joins to it. Nouns that change their own ending are
    known by their endings and a short list.
    """
    article = _ARTICLE.match(text)
    if not article:
        return text
    stem = article["stem"].lower()
    definite = stem in _LIKE_DER
    said = _LIKE_DER.get(stem) or _FULL.get(stem, stem)
    ending, rest, adjectives = ("e" if definite else "er"), text[article.end() :], ""
    while found := _ADJECTIVE.match(rest):
        adjectives += f"{found['stem']}{ending}{found['after']}"
        rest = rest[found.end() :]
    noun = _NOUN.match(rest)
    rest = rest[noun.end() :] if noun else rest
    if not noun or (_IN_EN.search(noun[0]) and _subject(noun[0]) == noun[0] and _CAPITAL.match(rest)):
        return text  # "den am 3. Mai beginnenden Kurs", "den Deutschen Preis": better as it was than half of it
    joined = _AND.match(rest)
    if joined:
        rest = joined[0] + nominative(rest[joined.end() :])
    said = said.capitalize() if text[0].isupper() else said
    return f"{said} {adjectives}{_subject(noun[0])}{rest}"


def _subject(noun: str) -> str:
    if _WEAK.search(noun) or _WEAK_EN.search(noun):
        return re.sub(r"e?n$", "", noun)
    return noun[:-1] if _WEAK_N.search(noun) else noun
