"""A segment and its translation, and the views of both that the checks share."""

from functools import cached_property

import regex

from core import links
from core.localization import tokens

_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*")
_NAMELIKE = regex.compile(r"[\p{L}\p{M}\p{N}_'’-]*(?:\p{Lu}|\p{N}|_)[\p{L}\p{M}\p{N}_'’-]*")
_PATH = regex.compile(r"(?<!\S)(?:~?/|\.{1,2}/)?[\w.-]+(?:[/.:_=]{1,2}[\w.-]+)+/?|[\w-]+\([^()\s]*\)")
_OLD_CODES = {"no": "nb", "nn": "nb", "iw": "he", "in": "id", "ji": "yi", "fil": "tl"}


def language(locale: str) -> str:
    """Return the language of a locale as it is called here: `pt` of `pt-BR`."""
    primary = locale.replace("_", "-").partition("-")[0].lower()
    return _OLD_CODES.get(primary, primary)


class Pair:
    """A segment and its translation. Languages are primary subtags, empty where nobody said which."""

    def __init__(
        self, source: str, target: str, *, source_language: str = "", target_language: str = "", locale: str = ""
    ) -> None:
        self.source, self.target = source, target
        self.source_language, self.target_language = source_language, target_language
        self.locale = locale or target_language  # the target's, with its country where that is known

    @cached_property
    def prose(self) -> tuple[str, str]:
        """Both texts without what no translator touches: links, code, placeholders, handles, hashtags, emoji."""
        return without_tokens(self.source), without_tokens(self.target)

    @cached_property
    def source_words(self) -> frozenset[str]:
        """The words of the source, folded."""
        return frozenset(words(self.prose[0].casefold()))

    def own(self, text: str) -> str:
        """Return a piece of the translation without names and file paths that stand in the source as well."""
        plain = _PATH.sub(" ", without_tokens(text))
        return _NAMELIKE.sub(lambda found: " " if found[0].casefold() in self._names else found[0], plain)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(found[0].casefold() for found in _NAMELIKE.finditer(self.source))


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return _WORD.findall(text)


def without_tokens(text: str) -> str:
    """Blank out what is the same in every language; every other character keeps its place."""
    spans = [(link.start, link.end) for link in links.find(text, bare=False)]
    spans += [span for kind in tokens.STANDING for span in tokens.places(kind, text)]
    spans += tokens.icu_syntax(text)
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
