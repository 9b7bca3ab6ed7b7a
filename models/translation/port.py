"""The port of translators, and how one is reached."""

from collections.abc import Sequence
from typing import Literal, Protocol

from pydantic import Field, SecretStr

from core.base import Noun

Kind = Literal["on_premises", "hosted"]


class TranslatorConfig(Noun):
    """One translator. The key never shows in a repr."""

    engine: str
    """`command:apertium -u {source}-{target}`, or the address of a LibreTranslate server."""
    key: SecretStr | None = None
    kind: Kind | None = None
    """Where it runs; None: a command and an address on a private network are on the own premises, others hosted."""
    timeout_s: float = Field(default=60, gt=0)


class Translator(Protocol):
    """An engine. It says where a text goes that is given to it."""

    name: str
    kind: Kind
    where: str  # for a person: "the program apertium on this machine", "translate.example"

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Return a translation of each text, in order; `source` and `target` are locales.

        Raises NeedsModel where it can't do this pair of languages (or is not there), ModelFailed where it failed.
        """
