"""How a creator's cards look: five colours and two typefaces. The default is Greenroom's own paper and ink."""

from typing import NamedTuple, Self

from pydantic import Field, model_validator

from core.base import Noun

_HEX = r"^#[0-9a-fA-F]{6}$"

LEGIBLE, LEGIBLE_LARGE = 4.5, 3.0
"""The contrast of words, and of large ones (WCAG 2.2, level AA)."""

_PAIRS = (
    ("ink", "paper", "the words"),
    ("soft", "paper", "sources and dates"),
    ("accent", "paper", "the line above a title"),
    ("paper", "accent", "the words of a cover"),
)


class Contrast(NamedTuple):
    """Two of a look's colours where words of the one stand on the other."""

    words: str
    ground: str
    what: str
    ratio: float
    needed: float

    @property
    def ok(self) -> bool:
        """Whether the words can be read."""
        return self.ratio >= self.needed


class Look(Noun):
    """A workspace's colours (as #rrggbb) and the families of its typefaces; an empty family is the one that ships."""

    paper: str = Field(default="#f6f4ef", pattern=_HEX, description="the ground")
    ink: str = Field(default="#1f1d1a", pattern=_HEX, description="the words")
    soft: str = Field(default="#6b655c", pattern=_HEX, description="what stands back: a source, a date")
    accent: str = Field(default="#0f6b4f", pattern=_HEX, description="the one colour that speaks")
    line: str = Field(default="#d8d0c0", pattern=_HEX, description="rules")
    title: str = Field(default="", max_length=100, description="the family for titles and quotes; empty: ours")
    text: str = Field(default="", max_length=100, description="the family for all else; empty: ours")

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        for each in self.contrasts():
            if not each.ok:
                raise ValueError(
                    f"{each.words} ({getattr(self, each.words)}) on {each.ground} ({getattr(self, each.ground)}) has a "
                    f"contrast of {each.ratio:.1f}: {each.what} could hardly be read, that takes {each.needed}"
                )
        return self

    def contrasts(self) -> tuple[Contrast, ...]:
        """Return each pair of colours that words are set in."""
        found = ((one, other, what, contrast(getattr(self, one), getattr(self, other))) for one, other, what in _PAIRS)
        return tuple(Contrast(*each, LEGIBLE) for each in found)


def luminance(colour: str) -> float:
    """Return a colour's relative luminance, 0..1 (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1..21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
