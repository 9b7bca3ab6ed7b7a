"""Quotation marks and spacing as a language sets them: what is unusual as a note, and the text as it is usually set."""

from collections.abc import Iterator

import regex

from core.drafts import Finding
from core.localization.pair import Pair, language, without_tokens

NBSP, NARROW = "\u00a0", "\u202f"

QUOTES = {
    "en": "“”", "es": "«»", "pt": "“”", "fr": "«»", "de": "„“", "it": "«»", "nl": "“”", "sv": "””", "da": "“”",
    "nb": "«»", "fi": "””", "pl": "„”", "cs": "„“", "sk": "„“", "hu": "„”", "ro": "„”", "hr": "„”", "sl": "„“",
    "lt": "„“", "lv": "“”", "et": "„“", "tr": "“”", "ca": "«»", "gl": "“”", "id": "“”", "vi": "“”", "el": "«»",
    "ru": "«»", "uk": "«»", "bg": "„“", "sr": "„“", "be": "«»", "he": "””", "ar": "””", "fa": "«»", "hi": "“”",
    "ja": "「」", "zh": "“”", "ko": "“”", "th": "“”",
}  # fmt: skip
"""The outer quotation marks of a language, after CLDR's delimiters (Unicode licence)."""

ALSO = {
    "es": "“”", "it": "“”", "pt": "«»", "ca": "“”", "de": "»«", "da": "»«„“", "nb": "“”", "sv": "»»“”", "fi": "»»",
    "nl": "‘’„”", "ru": "„“", "uk": "„“", "pl": "«»", "cs": "»«", "hu": "»«", "he": "“”״״", "ar": "«»“”",
    "ja": "『』“”", "zh": "「」『』《》", "ko": "‘’「」『』《》", "fr": "“”",
    "ro": "«»", "sr": "”“", "el": "“”", "en": "‘’",
}  # fmt: skip
"""What is set there as well."""

_ANY = regex.compile("[“”„«»「」『』‟]")
_STRAIGHT = regex.compile(r"(?<![\p{Latin}\p{N}=\"])\"(?=\S)([^\"\n]+?)(?<=\S)\"(?![\p{Latin}\p{N}])")
_TIGHT = regex.compile(
    r"(?<=[\p{L}\p{N})\]»”])[ ]?(?=[;:!?](?:[\s»”)]|$))"
    r"|(?<=«)(?:[ ]|(?=[^\s\u00a0\u202f]))|(?:(?<=\S)[ ]|(?<=[^\s\u00a0\u202f]))(?=»)"
)
_SPACED = regex.compile(r"(?<=[\p{L}\p{N})\]»”“])[ \u00a0\u202f]+(?=[;:!?](?:\s|$))")
_LOOSE_LANGUAGES = frozenset({"fr"})  # a space that does not break stands before ; : ! ? and within « »
_UNSPACED = frozenset({"ja", "zh", "ko", "th"})


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield notes on quotation marks and spaces that are unusual in the translation's language."""
    code, text = pair.target_language, without_tokens(pair.target)
    if code not in QUOTES:
        return
    usual = QUOTES[code]
    strange = sorted(set(_ANY.findall(text)) - set(usual + ALSO.get(code, "")))
    if strange:
        yield _note("quotation", f"{' '.join(strange)} is unusual here; quotation marks are {usual[0]}…{usual[1]}.")
    if code in _LOOSE_LANGUAGES and (at := _TIGHT.search(text)):
        yield _note("spacing", "Before ; : ! ? and within « » stands a space that does not break.", at.span())
    if code not in _LOOSE_LANGUAGES | _UNSPACED and (at := _SPACED.search(text)):
        yield _note("spacing", "No space stands before this mark.", at.span())


def _note(rule: str, message: str, span: tuple[int, int] | None = None) -> Finding:
    return Finding(rule=rule, severity="note", message=message, span=span)


def set_for(text: str, locale: str) -> str:
    """Return a text with the quotation marks and spaces of a locale; links, code and placeholders stay as they are."""
    code = language(locale)
    if code not in QUOTES:
        return text
    opening, closing = QUOTES[code][0], QUOTES[code][1]
    straight = [at.span() for at in _STRAIGHT.finditer(without_tokens(text))]
    edits = [(start, end, opening + text[start + 1 : end - 1] + closing) for start, end in straight]
    text = _edited(text, edits)
    if code in _LOOSE_LANGUAGES:
        text = _edited(text, [(*at.span(), _space(text, at)) for at in _TIGHT.finditer(without_tokens(text))])
    elif code not in _UNSPACED:
        text = _edited(text, [(*at.span(), "") for at in _SPACED.finditer(without_tokens(text))])
    return text


def _space(text: str, at: "regex.Match[str]") -> str:
    """Return the space that French sets: a narrow one before ; ! ?, a whole one elsewhere."""
    return NARROW if text[at.end()] in ";!?" and text[at.start() - 1] != "«" else NBSP


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, instead in sorted(edits, reverse=True):
        text = text[:start] + instead + text[end:]
    return text
