"""One rule that edits can teach: a trait, and the words it is about where it needs any."""

from core.base import Noun

TOLD = "told"
"""The trait of rules that a language model put into words (`new`): only a person's word lets them hold."""


class Rule(Noun):
    """A habit of writing. `old` gives way to `new`; traits that need no words leave both empty."""

    trait: str
    old: str = ""
    new: str = ""

    @property
    def key(self) -> str:
        """The rule as one text, equal for equal rules."""
        return f"{self.trait}|{self.old}|{self.new}"
