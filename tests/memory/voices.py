"""Two made-up writers with habits far apart, and others around them, for the tests of voice. Deterministic."""

import random
from datetime import UTC, datetime

from core.works import Work

_THINGS = "harbour kettle ledger orchard lantern bicycle archive window garden printer staircase notebook".split()  # noqa: SIM905
_DOINGS = "painted mended opened carried counted washed printed wrapped sorted watched lifted closed".split()  # noqa: SIM905

_BRISK = (
    "I {did} the {thing}!",
    "So good.",
    "Don't you love a {thing}?",
    "I've {did} it, and it's really great!",
    "But it isn't about the {thing}!",
    "You can't miss it.",
    "I just {did} my {thing}, honestly!",
)
_STATELY = (
    "The {thing}, which had been {did} with consideration, was therefore returned to its accustomed position; "
    "nothing further was required of the administration.",
    "It is not unreasonable to suppose that the {thing} would, in such circumstances, be {did} by the committee.",
    "However, the documentation of the {thing} (as is the convention) has been {did} in accordance with regulation.",
    "There is a considerable tradition of {thing} maintenance, and the institution does not neglect its obligations.",
)
_PLAIN = (
    "We {did} the {thing} on Tuesday.",
    "The {thing} was near the door, so they {did} it first.",
    "When it rains, people look for a {thing}.",
    "This {thing} is old, but it works well enough for most of us.",
    "They {did} another {thing} and went home.",
)

STYLES = {"brisk": _BRISK, "stately": _STATELY, "plain": _PLAIN}


def write(style: str, words: int, seed: int) -> str:
    """Return about `words` words of a style, the same for the same seed."""
    chance = random.Random(f"{style} {seed}")
    sentences: list[str] = []
    while sum(len(sentence.split()) for sentence in sentences) < words:
        pattern = chance.choice(STYLES[style])
        sentences.append(pattern.format(thing=chance.choice(_THINGS), did=chance.choice(_DOINGS)))
    return " ".join(sentences)


def work(number: int, body: str, **changes: object) -> Work:
    """Return a work with this body."""
    fields: dict[str, object] = {
        "id": f"w_{number}",
        "workspace": "ines",
        "source": f"{number}.md",
        "title": f"Piece {number}",
        "body": body,
        "format": "text",
        "published_at": None,
        "authors": (),
        "tags": (),
        "excerpt": "",
        "url": None,
        "language": None,
        "license": None,
        "version": 1,
        "content_hash": str(number),
        "words": len(body.split()),
        "imported_at": datetime(2026, 11, 20, tzinfo=UTC),
    }
    return Work.model_validate({**fields, **changes})


def works(style: str, many: int, words: int = 200) -> list[Work]:
    """Return works in one style, no two of them the same."""
    return [work(number, write(style, words, seed=1000 + number)) for number in range(many)]
