"""What was paid for is kept: a model's answers by the question, outcomes by the case and everything that decides it."""

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.caches import BaseCache
from langchain_core.load import dumps, loads

from core.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals.harness.task import Outcome


class KeptAnswers(BaseCache):
    """A folder of answers. LangChain asks it before it asks the server; a rerun costs nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.hits = 0

    def lookup(self, prompt: str, llm_string: str) -> "Sequence[Any] | None":
        """Return what was answered to this question before."""
        path = self._path(prompt, llm_string)
        try:
            found = [loads(each, allowed_objects="core") for each in json.loads(path.read_text(encoding="utf-8"))]
        except (OSError, ValueError):
            return None  # not there, or cut off while it was written by something older
        self.hits += 1
        return found

    def update(self, prompt: str, llm_string: str, return_val: "Sequence[Any]") -> None:
        """Keep an answer; one that can't be kept (a full disk) has been given all the same."""
        with suppress(OSError):
            write_whole(self._path(prompt, llm_string), json.dumps([dumps(each) for each in return_val]))

    def clear(self, **kwargs: Any) -> None:
        """Forget everything."""
        for path in self._folder.glob("*/*.json"):
            path.unlink(missing_ok=True)

    def _path(self, prompt: str, llm_string: str) -> Path:
        digest = hashlib.sha256(f"{prompt}\0{llm_string}".encode()).hexdigest()
        return self._folder / digest[:2] / f"{digest}.json"


class KeptOutcomes:
    """A folder of outcomes: a run that was cut off goes on where it stood."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, key: str) -> "Outcome | None":
        """Return what came of it before."""
        from evals.harness.task import Outcome

        try:
            return Outcome.model_validate_json(self._path(key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def keep(self, key: str, outcome: "Outcome") -> None:
        """Keep what came of it; what can't be kept (a full disk) is done anew by the next run, and is no failure."""
        with suppress(OSError):
            write_whole(self._path(key), outcome.model_dump_json())

    def _path(self, key: str) -> Path:
        digest = hashlib.sha256(key.encode()).hexdigest()
        return self._folder / digest[:2] / f"{digest}.json"


def write_asked(path: Path, text: str) -> None:
    """Write a file that a person named. Raises BadInput where that can't be."""
    try:
        write_whole(path, text)
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror}.", "Name another file.") from None


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it, and none is left if it can't be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            os.fchmod(handle, 0o644)  # like any other file: a report is there to be read
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
