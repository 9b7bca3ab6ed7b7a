"""YouTube in Google Takeout: the list of public videos, each with its captions where they lie beside."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from core.works import Piece
from memory.importers import transcript
from memory.importers.archive import Archive
from memory.importers.facts import line, make_piece
from memory.importers.material import Failure, LeftOut, Unreadable
from memory.importers.tables import Line, has_columns, lines

ANCHOR = re.compile(r"(?P<at>(?:[^/]+/)*?)(?:[^/]+/)?videos\.csv", re.IGNORECASE)
OWN = re.compile(
    r"[^/]*videos(?:\(\d+\))?\.csv|[^/]+\.(?:srt|vtt|sbv)|"
    r"(?:video metadata|videos|captions|subtitles|channels|comments|history|live chats|music[^/]*|my-music-library|"
    r"playlists|posts|subscriptions)/.*\.(?:csv|html|json|srt|vtt|sbv)",
    re.IGNORECASE,
)
_COLUMNS = ("video id", "video title (original)")
_TABLE = re.compile(r"(?:[^/]+/)?videos(?:\(\d+\))?\.csv", re.IGNORECASE)
_CAPTIONS = (".vtt", ".srt", ".sbv")
_LANGUAGE = re.compile(r"[._ -]\(?([a-z]{2,3}(?:-[A-Za-z]{2,4})?)\)?$")
_NO_SIGNS = re.compile(r"[\W_]+")


def fits(archive: Archive, anchor: str) -> bool:
    """Say whether a table is Takeout's list of videos (in English)."""
    return has_columns(archive.head(anchor), _COLUMNS)


def read(archive: Archive) -> Iterator[Piece | Failure | LeftOut]:
    """Yield a piece for each public video: its captions, or else its description; and captions of no listed video."""
    captions, channel = _Captions(archive), _channel(archive)
    for name in archive.names:
        if _TABLE.fullmatch(name) and has_columns(archive.head(name), _COLUMNS):
            for row in _rows(archive, name, _COLUMNS):
                try:
                    yield row if isinstance(row, Failure) else _video(archive, name, row, captions, channel)
                except Unreadable as error:
                    yield Failure(error.where, error.reason)
    for name in captions.left():
        try:
            yield from transcript.read(archive.material(name))
        except Unreadable as error:
            yield Failure(error.where, error.reason)
    if captions.other_languages:
        yield LeftOut("captions in a further language", captions.other_languages)


def _rows(archive: Archive, name: str, required: tuple[str, ...] = ()) -> Iterator[Line | Failure]:
    try:
        yield from lines(archive.material(name), required)
    except Unreadable as error:
        yield Failure(error.where, error.reason)


def _channel(archive: Archive) -> str:
    for name in archive.names:
        if re.fullmatch(r"(?:[^/]+/)?channel\.csv", name, re.IGNORECASE):
            rows = [row for row in _rows(archive, name) if isinstance(row, Line)]
            return next((title for row in rows if (title := row.get("channel title (original)", "channel title"))), "")
    return ""


def _video(archive: Archive, name: str, row: Line, captions: "_Captions", channel: str) -> Piece | LeftOut:
    video, title = row.get("video id"), row.get("video title (original)")
    language = row.get("video audio language", "video title (original) language")
    found = captions.of(video, title, language)
    if (privacy := row.get("privacy").lower()) not in ("public", ""):
        return LeftOut(f"{privacy} videos")
    if not video:
        raise Unreadable(row.where, "has no video id")
    description = row.get("video description (original)")
    spoken = next(iter(transcript.read(archive.material(found))), None) if found else None
    raw: dict[str, Any] = {
        "title": title,
        "date": row.get("video publish timestamp", "video create timestamp"),
        "author": channel,
        "tags": [row.get(f"tag {number}") for number in range(1, 51)],
        "excerpt": description if spoken else "",
        "url": f"https://www.youtube.com/watch?v={video}",
        "language": language,
        "captions": archive.where(found) if found else "",
        "kind": row.get("video category"),
    }
    body = spoken.body if spoken else description or title
    piece = make_piece(archive.place(name), raw, body, format="youtube", source=f"youtube:{video}")
    times = {"timestamps": spoken.extra["timestamps"], "speakers": spoken.extra["speakers"]} if spoken else {}
    return piece.model_copy(update={"extra": piece.extra | times})


class _Captions:
    """The caption files, by the video's id or its title in their names."""

    def __init__(self, archive: Archive) -> None:
        self.other_languages = 0
        self._by_key: dict[str, list[tuple[str, str]]] = defaultdict(list)  # key -> (language, name)
        self._taken: set[str] = set()
        for name in archive.names:
            path = PurePosixPath(name)
            if path.suffix.lower() in _CAPTIONS:
                found = _LANGUAGE.search(path.stem)
                self._by_key[path.stem].append(("", name))
                self._by_key[_plain(path.stem)].append(("", name))
                if found:
                    stem = path.stem[: found.start()]
                    self._by_key[stem].append((found[1].lower(), name))
                    self._by_key[_plain(stem)].append((found[1].lower(), name))
                if listed := re.search(r"\[([\w-]{11})\]", path.stem):
                    self._by_key[listed[1]].append((found[1].lower() if found else "", name))

    def of(self, video: str, title: str, language: str) -> str | None:
        """Return the captions of a video, in its own language if there are several."""
        found = dict.fromkeys(self._by_key.get(video, []) if video else [])
        found |= dict.fromkeys(self._by_key.get(_plain(title), []) if title else [])
        mine = {name: spoken for spoken, name in found if name not in self._taken}
        if not mine:
            return None
        wanted = language.lower()[:2]
        best = min(mine, key=lambda name: (mine[name] not in ("",) and mine[name][:2] != wanted, name))
        self._taken.update(mine)
        self.other_languages += len(mine) - 1
        return best

    def left(self) -> list[str]:
        """Return the caption files that belong to no video of the list."""
        return sorted({name for found in self._by_key.values() for _, name in found} - self._taken)


def _plain(text: str) -> str:
    """Return a title as far as file names keep it: letters and digits."""
    return "title:" + _NO_SIGNS.sub("", line(text)).casefold()
