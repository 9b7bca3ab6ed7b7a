"""A small post and its translation, for tests of the way from a draft to approved segments."""

from typing import Any

from app.revising import Wish
from app.segment_rows import Review
from app.segmenting import edit, open_grid
from app.studio import Studio
from core.proposals import Proposal

TIN = "The tin held tide tables until 1987. It rusted on a shelf. The lid does not close. Nobody owns the tide."
LATA = (
    "La lata guardó tablas de mareas hasta 1987.",
    "Se oxidó en un estante.",
    "La tapa no cierra.",
    "La marea no es de nadie.",
)


def post(studio: Studio, text: str = TIN, channel: str = "mastodon", **more: Any) -> Proposal:
    """Return a waiting proposal that says exactly this."""
    [made] = studio.start("Say that the tin rusted", channels=[channel], **more).proposals
    return studio.revise(made.id, Wish(body=text)).proposal


def translate(studio: Studio, source: Proposal, words: tuple[str, ...] = LATA, to: str = "es", **by: Any) -> Review:
    """Open a grid and let a person fill it, sentence by sentence."""
    found = open_grid(studio, source.id, to)
    for number, target in enumerate(words, start=1):
        found = edit(studio, found.looked.draft.id, str(number), target, **by)
    return found
