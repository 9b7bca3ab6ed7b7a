"""X's long posts: `note-tweet.js` holds them in full, `tweets.js` their first lines, and no number joins the two."""

import html
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from memory.importers.dates import read_date
from memory.importers.facts import line
from memory.importers.json_stream import Entry
from memory.importers.material import Failure

_COMPARED = 60  # characters
_CUT = re.compile(r"(?:…|\.\.\.)?\s*(?:https://t\.co/\w+\s*)*$")


class Note(NamedTuple):
    """A long post in full, and its links as `url` and `expanded_url`."""

    text: str
    links: list[dict[str, Any]]


class Notes:
    """The long posts of an archive, found by their moment (to the second) and their first words."""

    def __init__(self, found: Iterable[Entry | Failure]) -> None:
        self.failed: list[Failure] = []
        self._by_moment: dict[datetime, list[Note]] = {}
        for entry in found:
            if isinstance(entry, Failure):
                self.failed.append(entry)
            else:
                self._take(entry)

    def of(self, at: datetime | None, text: str) -> Note | None:
        """Return the long post that a short one is the beginning of; each is given once."""
        waiting = self._by_moment.get(at.replace(microsecond=0), []) if at else []
        start = _start(_CUT.sub("", text))
        found = next((note for note in waiting if start and _start(note.text).startswith(start)), None)
        if found:
            waiting.remove(found)
        return found

    def unused(self) -> int:
        """Return how many were asked for by no post."""
        return sum(map(len, self._by_moment.values()))

    def _take(self, entry: Entry) -> None:
        core, at = entry.value.get("core"), read_date(entry.value.get("createdAt")).at
        text = core.get("text") if isinstance(core, dict) else None
        if not isinstance(text, str) or at is None:
            self.failed.append(Failure(entry.where, "is a long post without a text or a date"))
            return
        urls = core.get("urls") if isinstance(core, dict) else None
        links = [
            {"url": line(each.get("shortUrl")), "expanded_url": line(each.get("expandedUrl"))}
            for each in (urls if isinstance(urls, list) else [])
            if isinstance(each, dict)
        ]
        self._by_moment.setdefault(at.replace(microsecond=0), []).append(Note(text, links))


def _start(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(text)).strip()[:_COMPARED]
