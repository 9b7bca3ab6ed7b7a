"""What was done in a folder of texts, a line a file: a run that was cut off goes on where it stopped."""

import json
from pathlib import Path
from typing import Any

from core.errors import BadInput

JOURNAL = ".greenroom-tags.jsonl"


class Journal:
    """What was done, and how; the last line on a file counts. Without a place nothing is kept."""

    def __init__(self, place: Path | None, how: list[Any], *, again: bool) -> None:
        self._place = place
        self._how = how
        self._done = {} if again or place is None else _noted(place)

    def has(self, path: str, digest: str) -> bool:
        """Say whether a file was done in the same way, and is as it was then."""
        return self._done.get(path) == (digest, self._how)

    def note(self, path: str, digest: str, said: dict[str, Any]) -> None:
        """Keep that a file is done. In the folder's own journal stand no words of it."""
        if self._place is None:
            return
        body: dict[str, Any] = {"path": path, "sha256": digest, "how": self._how}
        if self._place.name != JOURNAL:
            body["said"] = said
        try:
            with self._place.open("a", encoding="utf-8") as file:
                file.write(json.dumps(body, ensure_ascii=False) + "\n")
        except OSError as error:
            raise BadInput(f"{self._place} can't be written: {error.strerror}.") from None


def _noted(place: Path) -> dict[str, tuple[str, object]]:
    if not place.is_file():
        return {}
    found: dict[str, tuple[str, object]] = {}
    for line in place.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            said = json.loads(line)
            found[said["path"]] = (said["sha256"], said["how"])
        except (ValueError, KeyError, TypeError):
            continue  # a line that was cut off: that file is done again
    return found
