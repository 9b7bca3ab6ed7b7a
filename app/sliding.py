"""A carousel's slides as pictures: the first as a cover, the others as slides, each with its words as alt text."""

from pathlib import Path
from typing import TYPE_CHECKING

from core.channels import channel
from core.errors import BadInput, WrongUse
from core.picture_words import PictureWords
from core.policy import policy_of
from core.threads import posts

if TYPE_CHECKING:
    from app.carding import Drawn
    from app.studio import Studio

CAROUSEL = "carousel"


def slides(studio: "Studio", proposal_id: str, folder: Path, *, format_: str = "portrait") -> tuple["Drawn", ...]:
    """Draw the slides of a carousel's draft into a folder, all of them or none.

    Raises WrongUse for a draft of another channel; BadInput, naming the slide, for what can't be drawn, and where one
    of the files is there already.
    """
    from app.carding import Drawn, written

    proposal = studio.memory.proposals.get(studio.workspace.id, proposal_id)
    if proposal.channel != CAROUSEL:
        raise WrongUse(f"{proposal_id} is for {proposal.channel}, which has no slides.", "Give a carousel's.")
    words = [each.text for each in posts(channel(CAROUSEL), str(proposal.payload["text"]))]
    places = [folder / f"slide-{number:02}.png" for number in range(1, len(words) + 1)]
    if there := next((each for each in places if each.exists()), None):
        raise BadInput(f"{there} is there already; nothing was drawn.", "Name another folder with --out.")
    cards = [_slide(studio, text, number, len(words), format_, proposal.locale) for number, text in enumerate(words, 1)]
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for place, (data, told) in zip(places, cards, strict=True):
        written(place, data)
        drawn.append(Drawn.model_validate({**told, "file": str(place)}))
    return tuple(drawn)


def _slide(
    studio: "Studio", text: str, number: int, of: int, format_: str, locale: str
) -> tuple[bytes, dict[str, object]]:
    from app.carding import LAYOUTS, shelf_of
    from media.cards import draw_card
    from media.layouts import layout_named
    from media.metadata import with_words

    name = "cover" if number == 1 else "slide"
    layout = layout_named(name, studio.settings.home / LAYOUTS)
    fields = {"text": text, "workspace": studio.workspace.name}
    if "number" in layout.fields:
        fields["number"] = f"{number} / {of}"
    look = policy_of(studio.workspace).look
    try:
        card = draw_card(layout, format_, fields, look=look, shelf=shelf_of(studio), locale=locale)
    except BadInput as error:
        raise BadInput(f"Slide {number}: {error.message}", f"{error.hint} Nothing was drawn.".strip()) from None
    words = PictureWords(alt=text, creators=(studio.workspace.name,), tool="Greenroom")
    data = with_words(card.data, "image/png", words)
    told = {"width": card.width, "height": card.height, "bytes": len(data), "alt": text, "layout": name}
    return data, {**told, "format": format_, "fonts": card.fonts, "sizes": card.sizes}
