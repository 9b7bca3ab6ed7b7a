"""Small translations for tests of segments."""

from datetime import UTC, datetime

from core.drafts import Content, Picture
from core.segments import cut, written
from core.translated import Segment

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WORDS = ("tin", "tide", "ferry", "kelp", "stove", "harbour", "lid", "boat", "shelf", "table", "smoke", "ash", "bread")
PALABRAS = (
    "lata",
    "marea",
    "barca",
    "alga",
    "estufa",
    "puerto",
    "tapa",
    "bote",
    "estante",
    "mesa",
    "humo",
    "pan",
    "sal",
)


def english(number: int) -> str:
    return f"The {WORDS[number % len(WORDS)]} was kept {number + 2} years."


def spanish(number: int) -> str:
    return f"Guardaron {PALABRAS[number % len(PALABRAS)]} durante {number + 2} años."


def picture(alt: str) -> Picture:
    return Picture(sha256="a" * 64, mime="image/png", bytes=1, width=1, height=1, alt=alt)


def translated(count: int, *, twice: bool = False) -> tuple[Content, tuple[Segment, ...], Content]:
    """Return (source, its segments with targets, the translation); `twice`: its last sentence says the first again."""
    numbers = [*range(count), *([0] if twice else [])]
    source = Content(text=" ".join(english(number) for number in numbers))
    grid = tuple(
        each.model_copy(update={"id": f"sg_{place}", "target": spanish(number)})
        for place, (number, each) in enumerate(zip(numbers, cut(source), strict=True))
    )
    return source, grid, written(source, grid)
