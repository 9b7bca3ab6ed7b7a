"""Layouts of cards: one YAML file each. A person's own lie in the home and are read the same way."""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from core.base import Noun
from core.errors import BadInput

Tone = Literal["paper", "ink", "soft", "accent", "line"]
Box = tuple[int, int, Annotated[int, Field(gt=0)], Annotated[int, Field(gt=0)]]
"""Left, top, width, height, in pixels."""

LARGEST_FILE = 100_000  # bytes
_FIELD = re.compile(r"\{([a-z]+)\}")


class Part(Noun):
    """One part of a page: words, a block of colour, or the picture."""

    kind: Literal["text", "block", "disc", "picture"]
    box: Box
    colour: Tone = "ink"
    strength: float = Field(default=1.0, gt=0, le=1)  # of a block or disc: 1 covers what is under it
    text: str = ""  # with {fields}
    font: Literal["title", "text"] = "text"
    weight: int = Field(default=400, ge=100, le=900)
    size: tuple[Annotated[int, Field(ge=8)], Annotated[int, Field(le=2000)]] = (24, 24)  # smallest, largest
    leading: float = Field(default=1.25, ge=0.4, le=3)
    lines: int = Field(default=99, ge=1)
    track: float = Field(default=0.0, ge=0, le=1)
    align: Literal["start", "centre", "end"] = "start"  # start: left, or right where the words run leftwards
    valign: Literal["top", "middle", "bottom"] = "top"
    ornament: bool = False  # {mark}, the language's opening quotation mark, by its ink: it need not be legible

    def said(self, fields: Mapping[str, str]) -> str:
        """Return the words with the fields' values; empty where one of them is."""
        if any(not fields.get(name, "").strip() for name in _FIELD.findall(self.text)):
            return ""
        return _FIELD.sub(lambda found: fields[found[1]], self.text)


class Page(Noun):
    """One format of a layout. `ground` is the colour behind everything."""

    size: tuple[Annotated[int, Field(ge=100, le=4096)], Annotated[int, Field(ge=100, le=4096)]]
    ground: Tone = "paper"
    parts: tuple[Part, ...] = Field(min_length=1, max_length=60)

    def under(self, part: Part) -> tuple[Part, ...]:
        """Return what is drawn before a part in the same place, but words; the lowest first."""
        before = self.parts[: self.parts.index(part)]
        return tuple(each for each in before if each.kind != "text" and _overlap(each.box, part.box))


class Layout(Noun):
    """A layout: what it is for, which fields it takes (`text` always), and its formats by name."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")
    says: str
    fields: tuple[str, ...]
    formats: dict[str, Page] = Field(min_length=1)

    def page(self, name: str) -> Page:
        """Return one format. Raises BadInput with the known ones."""
        if name not in self.formats:
            known = ", ".join(self.formats)
            raise BadInput(f"The layout {self.name} has no format “{name}”.", f"It has: {known}.")
        return self.formats[name]

    @property
    def takes_picture(self) -> bool:
        """Whether there is a picture on it."""
        return any(part.kind == "picture" for page in self.formats.values() for part in page.parts)


def layouts(own: Path | None = None) -> tuple[Layout, ...]:
    """Return every layout by name; one in the folder `own` takes the place of ours of that name."""
    found = dict(_ours())
    for path in sorted(own.glob("*.yaml")) if own and own.is_dir() else ():
        layout = read_layout(path.read_bytes(), path.name)
        found[layout.name] = layout
    return tuple(found[name] for name in sorted(found))


@lru_cache(maxsize=1)
def _ours() -> dict[str, Layout]:
    files = [each for each in resources.files(__name__).iterdir() if each.name.endswith(".yaml")]
    return {each.name: each for each in (read_layout(file.read_bytes(), file.name) for file in files)}


def layout_named(name: str, own: Path | None = None) -> Layout:
    """Return a layout. Raises BadInput with the known ones."""
    found = layouts(own)
    for each in found:
        if each.name == name:
            return each
    known = "; ".join(f"{each.name}: {each.says}" for each in found)
    raise BadInput(f"There is no layout “{name}”.", f"{known}. Your own go into the home's folder layouts/.")


def read_layout(data: bytes, name: str) -> Layout:
    """Return a layout from its file. Raises BadInput, naming the file and the field."""
    import yaml

    if len(data) > LARGEST_FILE:
        raise BadInput(f"{name} has more than {LARGEST_FILE:,} bytes: that is no layout.")
    try:
        if b"&" in data or b"*" in data:  # an alias of aliases grows without end
            raise BadInput(f"{name}: anchors and aliases are not taken.", "Write each part out.")
        given: Any = yaml.safe_load(data)
        return Layout.model_validate(given)
    except yaml.YAMLError as error:
        at = getattr(error, "problem_mark", None)
        raise BadInput(f"{name}{f', line {at.line + 1}' if at else ''} is not YAML.") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"{name}: {'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}.") from None


def _overlap(one: Box, other: Box) -> bool:
    return all(one[at] < other[at] + other[at + 2] and other[at] < one[at] + one[at + 2] for at in (0, 1))
