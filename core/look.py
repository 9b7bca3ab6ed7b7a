"""How a creator's cards look: five colours and two typefaces. The default is Greenroom's own paper and ink."""

from pydantic import Field

from core.base import Noun

_HEX = r"^#[0-9a-fA-F]{6}$"


class Look(Noun):
    """A workspace's colours (as #rrggbb) and the families of its typefaces; an empty family is the one that ships."""

    paper: str = Field(default="#f6f4ef", pattern=_HEX, description="the ground")
    ink: str = Field(default="#1f1d1a", pattern=_HEX, description="the words")
    soft: str = Field(default="#6b655c", pattern=_HEX, description="what stands back: a source, a date")
    accent: str = Field(default="#0f6b4f", pattern=_HEX, description="the one colour that speaks")
    line: str = Field(default="#d8d0c0", pattern=_HEX, description="rules")
    title: str = Field(default="", max_length=100, description="the family for titles and quotes; empty: Source Serif")
    text: str = Field(default="", max_length=100, description="the family for everything else; empty: Inter")


def luminance(colour: str) -> float:
    """Return a colour's relative luminance, 0..1 (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1..21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
