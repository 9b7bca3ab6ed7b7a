"""The channels: one YAML file each, every figure with the source it came from."""

from functools import lru_cache
from importlib import resources
from typing import Literal

from pydantic import Field

from core.base import Noun
from core.errors import BadInput

Unit = Literal["graphemes", "bytes", "weighted characters", "characters", "words"]


class Figure(Noun):
    """A number that a platform (or we) set, and who says so."""

    value: int
    source: str
    secondary: bool = False  # known from a secondary source only: refresh it from the platform where it can be
    ours: bool = False  # our own advice, not the platform's rule: passing it is a note, never an error


class Limit(Figure):
    """How long a field may be. `counting` names the way `core.counting` measures it."""

    unit: Unit
    counting: str
    field: str = "text"


class Links(Noun):
    """What links do on this channel."""

    clickable: bool
    counts_as: Figure | None = None  # None: a link counts in full
    max: Figure | None = None
    costs: Figure | None = None  # how many times as much the platform charges for a post with a link as for one without
    note: str = ""


class Hashtags(Noun):
    """What is allowed, and what is customary."""

    max: Figure | None = None
    excess: Literal["error", "warning"] = "error"  # what more than `max` comes to: refused, or merely ignored
    usual: int = 0  # how many a post customarily carries here: advice for drafting
    custom: str = ""


class Mentions(Noun):
    """What a mention costs."""

    max: Figure | None = None
    note: str = ""


class Shape(Noun):
    """How wide a picture may be by its height: what is wider or higher is cut. `one_for_all`: by the first one's."""

    least: float = Field(gt=0)
    most: float = Field(gt=0)
    one_for_all: bool = False
    source: str
    secondary: bool = False

    def of(self, width: int, height: int) -> float | None:
        """Return the nearest shape that a picture has to be cut to; None where it may stay."""
        shape = width / height
        return None if self.least <= shape <= self.most else min(max(shape, self.least), self.most)


class Media(Noun):
    """What may or must go with the words."""

    required: bool = False
    images: Figure | None = None
    image_bytes: Figure | None = None
    image_side: Figure | None = None  # the most pixels a picture may be wide, or high
    image_shape: Shape | None = None  # None: any
    formats: tuple[Literal["jpeg", "png", "gif", "webp"], ...] = ("jpeg", "png", "gif", "webp")
    alt: Literal["required", "expected", "none"] = "expected"
    alt_max: Figure | None = None
    note: str = ""

    @property
    def takes_images(self) -> bool:
        """Whether pictures go out with the words here."""
        return self.images is None or self.images.value > 0


class Quota(Figure):
    """How many posts (`value`) an account may publish in so many hours."""

    hours: int = 24


class Slides(Noun):
    """How many slides a carousel has."""

    least: Figure
    most: Figure


class Slots(Noun):
    """Wall times to offer, by day. Defaults that an editor might start from: documented, not measured."""

    weekday: tuple[str, ...]
    weekend: tuple[str, ...] = ()
    min_gap_minutes: int = 120  # between two proposed times
    send_gap_minutes: int = 0  # between two sends of one account: no burst, however much is due at once


class Channel(Noun):
    """One place where content goes on stage, and its rules."""

    name: str
    label: str
    order: int
    checked: str  # the day on which the figures were collected
    fields: tuple[str, ...]  # which fields of `Content` it uses
    limits: tuple[Limit, ...] = ()
    links: Links
    hashtags: Hashtags
    mentions: Mentions = Mentions()
    media: Media
    languages: Figure | None = None
    markdown: bool = False  # the text is written in Markdown and rendered
    threads: bool = False  # a line of hyphens parts a text into the posts of a thread; each is measured by itself
    slides: Slides | None = None  # a line of hyphens parts a text into slides; each is measured by itself
    chapters: bool = False  # a text may list chapters (`04:14 What it is about`), which the platform shows
    forbids: str = ""  # characters that the platform takes in no field
    copy_only: bool = False  # there is no sender: an approved text is kept to be copied or exported
    slots: Slots
    quota: Quota | None = None
    note: str = ""

    def limits_of(self, field: str) -> tuple[Limit, ...]:
        """Return the limits of one field of `Content`."""
        return tuple(limit for limit in self.limits if limit.field == field)

    @property
    def text_only(self) -> bool:
        """Whether the text is all there is to edit."""
        return self.fields == ("text",)


@lru_cache(maxsize=1)
def channels() -> tuple[Channel, ...]:
    """Return every channel, in the order in which they are shown."""
    import yaml

    files = (file for file in resources.files(__name__).iterdir() if file.name.endswith(".yaml"))
    found = [Channel.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files]
    return tuple(sorted(found, key=lambda each: each.order))


def channel(name: str) -> Channel:
    """Return the channel of that name; BadInput names the known ones."""
    for each in channels():
        if each.name == name.strip().lower():
            return each
    known = ", ".join(each.name for each in channels())
    raise BadInput(f"There is no channel called {name!r}.", hint=f"Known channels: {known}.")
