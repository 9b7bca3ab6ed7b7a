"""A picture that a model makes at a person's word: labelled as made, paid for, kept in a new file, sent nowhere."""

from pathlib import Path
from typing import TYPE_CHECKING

from core.base import Noun
from core.errors import BadInput, ModelFailed
from core.metadata import slug_from
from core.picture_words import PictureWords

if TYPE_CHECKING:
    from app.studio import Studio
    from core.usage import Usage
    from models import Meter

LONGEST = 4_000  # characters of a prompt
_ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}


class Generated(Noun):
    """A picture that a model made. `revised`: what the server says that it drew; `cost` None: not known."""

    file: str
    width: int
    height: int
    bytes: int
    model: str
    endpoint: str
    alt: str
    label: str
    revised: str = ""
    cost: float | None = None


def generate(studio: "Studio", prompt: str, *, size: str, alt: str, out: Path | None) -> Generated:
    """Let a model make a picture, and write it with its label in it (IPTC DigitalSourceType).

    Raises NeedsModel where no endpoint makes pictures, OverBudget before it would overspend, ModelFailed where what
    came is no picture; BadInput for a prompt or size that can't be, and where the file is there already: before
    anything is asked.
    """
    from app.carding import written
    from media.metadata import with_words
    from media.pictures import read_picture
    from models.pictures import SIZES, make_picture

    if not prompt.strip() or len(prompt) > LONGEST:
        raise BadInput(f"The words for the picture have {len(prompt):,} characters; 1 to {LONGEST:,} are taken.")
    if size not in SIZES:
        raise BadInput(f"{size!r} is no size.", f"Sizes: {', '.join(SIZES)}.")
    place = (out or Path(slug_from(prompt)[:40] or "picture")).expanduser()
    _refuse_what_is_there([place] if out else [place.with_suffix(each) for each in _ENDINGS.values()])
    meter = studio.crew.context.meter_for(studio.workspace.id, None)
    costs = _noted(meter)
    made = make_picture(studio.model, prompt, size, meter)
    try:
        facts = read_picture(made.data, name="what came")
        words = PictureWords(alt=alt, source_type="trainedAlgorithmicMedia", tool=made.model[:200])
        data = with_words(made.data, facts.mime, words, name="what came")
    except BadInput as error:
        raise ModelFailed(
            f"{made.endpoint} sent a file that can't be used: {error.message}", "It was paid for; nothing was kept."
        ) from None
    file = written(place if out else place.with_suffix(_ENDINGS[facts.mime]), data)
    return Generated(
        file=str(file), width=facts.width, height=facts.height, bytes=len(data), model=made.model, alt=alt,
        endpoint=made.endpoint, label=words.source_type, revised=made.revised, cost=costs[-1] if costs else None,
    )  # fmt: skip


def _noted(meter: "Meter") -> list[float | None]:
    """Return where each call's cost will stand once it is recorded."""
    costs: list[float | None] = []
    record = meter.record

    def noted(row: "Usage", *more: str) -> None:
        costs.append(row.cost)
        record(row, *more)

    meter.record = noted
    return costs


def _refuse_what_is_there(places: list[Path]) -> None:
    """A picture is paid for: that its file can't be written is said before."""
    for place in places:
        if place.exists():
            raise BadInput(f"{place} is there already; nothing was asked.", "Name another file with --out.")
    if not places[0].parent.is_dir():
        raise BadInput(f"There is no folder {places[0].parent}; nothing was asked.")
