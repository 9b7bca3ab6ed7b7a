"""exiftool itself, to read what we wrote and to write what we read."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.counterparts.server import absent


def exiftool(*words: str | Path) -> str:
    """Run exiftool; skips (on CI: fails) where it is not here."""
    program = shutil.which("exiftool")
    if program is None:
        absent("exiftool", "there is no exiftool")
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def told(*paths: Path) -> list[dict[str, Any]]:
    """Return every field that exiftool finds in each file, by group and name, and what it says of the file's form."""
    fields: list[dict[str, Any]] = json.loads(exiftool("-j", "-G1", "-a", "-validate", "-warning", "-all", *paths))
    return fields
