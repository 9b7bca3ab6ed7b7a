"""What a door over HTTP is asked for: nothing beside what it knows, and text that can be written down again."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Asking(BaseModel):
    """The base of every body that a door reads. Half a pair of signs (a lone surrogate) is no text, wherever it is."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _refuse_what_is_no_text(cls, given: Any) -> Any:
        if not is_text(given):
            raise ValueError("a part of this is no text: half a pair of signs")
        return given


def is_text(given: Any) -> bool:
    """Say whether all texts in a plain value can be written down: no half of a pair of signs is among them."""
    left = [given]
    while left:  # no recursion: what comes may be nested as deep as its reader's stack goes
        value = left.pop()
        if isinstance(value, str):
            if any("\ud800" <= sign <= "\udfff" for sign in value):
                return False
        elif isinstance(value, dict):
            left += [*value, *value.values()]
        elif isinstance(value, list):
            left += value
    return True
