"""A person's name, wherever it stands: as a whole value (who wrote, who decided), or in the middle of a text."""

import re
import unicodedata
from typing import Any

from core.members import same_name
from memory.quotes import BLANK, replaced, strings


class Name:
    """Finds and blanks one name or address: in any case, in whole words, with or without a genitive s."""

    def __init__(self, name: str) -> None:
        self.name = " ".join(unicodedata.normalize("NFC", name).split())
        self._same = same_name(self.name)
        forms = dict.fromkeys((self.name, unicodedata.normalize("NFD", self.name)))
        self._pattern = re.compile("|".join(_written(form) for form in forms), re.IGNORECASE)

    def is_(self, value: str) -> bool:
        """Say whether a value is this name and nothing else; `person:NAME`, as consent calls it, is."""
        return same_name(value.removeprefix("person:")) == self._same

    def in_text(self, text: str) -> bool:
        """Say whether a text names the person."""
        return self._pattern.search(text) is not None

    def in_value(self, value: Any) -> bool:
        """Say whether any string in a plain JSON value names the person."""
        return any(self.in_text(text) for text in strings(value))

    def blank_text(self, text: str) -> str:
        """Return a text with the name replaced wherever it stands."""
        return self._pattern.sub(BLANK, text)

    def blank_whole(self, value: Any) -> Any:
        """Return a plain JSON value with the strings that are this name, and nothing else, replaced."""
        return replaced(value, lambda text: BLANK if self.is_(text) else text)


def _written(name: str) -> str:
    before = r"(?<!\w)" if _in_words(name[0]) else ""
    after = r"(?:['’]s)?(?!\w)" if _in_words(name[-1]) else ""
    return before + r"\s+".join(re.escape(part) for part in name.split()) + after


def _in_words(character: str) -> bool:
    return character.isdigit() or character.upper() != character.lower() or unicodedata.combining(character) > 0
