"""Finds the typeface for a character: first what was asked for, then ours, then the person's, then the machine's.

A character that none of them has is an error that names its script: nothing is ever drawn as an empty box.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal

import regex

from core.errors import BadInput
from media.typefaces.sfnt import Sheet, read_sheets

SYSTEM = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts"),
    Path("~/.fonts"),
    Path("/System/Library/Fonts"),
    Path("/Library/Fonts"),
    Path("~/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
"""Where machines keep their fonts."""

SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
OURS = {"title": "Greenroom Serif", "text": "Greenroom Sans"}
"""Source Serif 4 and Inter, cut to what European languages need; renamed, as their licence asks."""

_KNOWN = (
    "Latin Greek Cyrillic Arabic Hebrew Han Hiragana Katakana Hangul Bopomofo Devanagari Bengali Gurmukhi Gujarati "
    "Oriya Tamil Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Georgian Armenian Ethiopic Khmer Mongolian "
    "Syriac Thaana Cherokee Canadian_Aboriginal Yi Nko Adlam Tifinagh Balinese Javanese"
)
_SCRIPTS = tuple(_KNOWN.split())
_DEBIAN = {
    "Han": "fonts-noto-cjk",
    "Hiragana": "fonts-noto-cjk",
    "Katakana": "fonts-noto-cjk",
    "Hangul": "fonts-noto-cjk",
}
_HAN = {"ja": "JP", "ko": "KR", "zh-tw": "TC", "zh-hant": "TC", "zh-hk": "HK", "zh": "SC"}


@dataclass(frozen=True)
class Typeface:
    """One face of a font file. `origin`: it ships with us, lies in the home, or is the machine's."""

    path: Path
    index: int
    sheet: Sheet
    origin: Literal["ours", "yours", "system"]

    @property
    def name(self) -> str:
        """Family and style, for a person."""
        return f"{self.sheet.family} {self.sheet.style}"


class Shelf:
    """Every typeface at hand. `home`: a folder with the person's own; `system`: the machine's folders."""

    def __init__(self, home: Path | None = None, system: Sequence[Path] = SYSTEM) -> None:
        self._home = home
        self._folders = system

    @cached_property
    def ours(self) -> tuple[Typeface, ...]:
        """The faces that ship."""
        return tuple(_faces(_files(Path(str(resources.files(__package__)))), "ours"))

    @cached_property
    def yours(self) -> tuple[Typeface, ...]:
        """The faces in the home's folder."""
        return tuple(_faces(_files(self._home), "yours")) if self._home else ()

    @cached_property
    def system(self) -> tuple[Typeface, ...]:
        """The machine's faces; read when a character is in none of the others."""
        folders = (each.expanduser() for each in self._folders)
        return tuple(_faces((file for folder in folders for file in _files(folder)), "system"))

    def family(self, name: str, weight: int) -> Typeface:
        """Return the upright face of a family whose weight is nearest. Raises BadInput with what there is."""
        for faces in (self.ours, self.yours, self.system):
            found = [each for each in faces if each.sheet.family.lower() == name.lower() and not each.sheet.italic]
            if found:
                return min(found, key=lambda each: (abs(each.sheet.weight - weight), str(each.path)))
        raise BadInput(
            f"There is no font “{name}” here.", f"Add its file: greenroom pictures fonts --add FILE{self._known}"
        )

    def face_for(self, cluster: str, first: Typeface, locale: str) -> Typeface:
        """Return a face that has every character of a cluster; `first` where it can be. Raises BadInput, by script."""
        wanted = [each for each in cluster if not _is_unseen(each)]
        if _has(first, wanted):
            return first
        for faces in (self.ours, self.yours, self.system):
            found = [each for each in faces if _has(each, wanted)]
            if found:
                return min(found, key=lambda each: _distance(each, first, locale))
        raise _missing(cluster)

    @property
    def _known(self) -> str:
        names = sorted({each.sheet.family for each in (*self.ours, *self.yours)})
        return f". Here are: {', '.join(names)}"


def _has(face: Typeface, wanted: Iterable[str]) -> bool:
    return all(map(face.sheet.has, wanted))


def _is_unseen(character: str) -> bool:
    """Return whether a character draws nothing itself: joiners, variation selectors, marks of direction."""
    return bool(_unseen().match(character))


@lru_cache(maxsize=1)
def _unseen() -> "regex.Pattern[str]":
    return regex.compile(r"\p{Default_Ignorable_Code_Point}|\p{Cc}")


@lru_cache(maxsize=8192)
def script_of(character: str) -> str:
    """Return the script of a character by Unicode's name for it; Common for what any script uses."""
    if regex.match(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}", character) and ord(character) > 0x2000:
        return "Emoji"
    if regex.match(r"\p{Script=Common}|\p{Script=Inherited}", character):
        return "Common"
    return next((each for each in _SCRIPTS if regex.match(rf"\p{{Script={each}}}", character)), "another script")


def _missing(cluster: str) -> BadInput:
    script = next((found for found in map(script_of, cluster) if found != "Common"), "Common")
    shown = " ".join(f"U+{ord(each):04X}" for each in cluster[:4])
    if script == "Emoji":
        return BadInput(
            f"No font here has “{cluster}” ({shown}), an emoji.",
            "Leave it out, or add a font of outlined emoji (Noto Emoji): greenroom pictures fonts --add FILE",
        )
    what = "this sign" if script == "Common" else f"letters of {script.replace('_', ' ')}"
    package = _DEBIAN.get(script, "fonts-noto-core")
    name = unicodedata.name(cluster[0], "").lower()
    return BadInput(
        f"No font here has {what}: “{cluster}” ({shown}{', ' + name if name else ''}).",
        f"Add one: greenroom pictures fonts --add FILE (Noto is free), or install it (Debian: apt install {package}).",
        script=script,
    )


def _distance(face: Typeface, first: Typeface, locale: str) -> tuple[bool, bool, bool, bool, int, str, int]:
    """Order what has a character: its locale's shapes, a book face of Noto, a near weight; the same one every time."""
    family, asked = face.sheet.family, locale.lower()
    wanted = next((end for name, end in _HAN.items() if asked.startswith(name)), "JP")
    elsewhere = "CJK" in family and not family.endswith(wanted)
    plain = face.sheet.italic or "mono" in family.lower() or "condensed" in face.name.lower()
    kind = "serif" if "serif" in first.sheet.family.lower() else "sans"
    other = kind not in family.lower()
    weight = abs(face.sheet.weight - first.sheet.weight)
    return plain, elsewhere, "noto" not in family.lower(), other, weight, str(face.path), face.index


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(each for each in folder.rglob("*") if each.suffix.lower() in SUFFIXES and each.is_file())


def _faces(files: Iterable[Path], origin: Literal["ours", "yours", "system"]) -> Iterator[Typeface]:
    for path in files:
        try:
            sheets = _read(path, path.stat().st_mtime_ns)
        except (BadInput, OSError):
            continue  # a broken font among others; `pictures fonts --add` says what is wrong with one
        yield from (Typeface(path, index, sheet, origin) for index, sheet in enumerate(sheets))


@lru_cache(maxsize=2048)
def _read(path: Path, _changed: int) -> tuple[Sheet, ...]:
    return read_sheets(path)
