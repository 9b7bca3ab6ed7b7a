"""Runs a bench as anybody would, and keeps what it printed with the day, the command and the machine."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from core.errors import WrongUse
from evals.bench import children
from evals.machine import machine

BENCHES: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "benches.yaml").read_text(encoding="utf-8")
)
KEPT = Path("docs/benchmarks")
_GREENROOM = (sys.executable, "-c", "from app.cli import main; main()", "bench")
_FILE = re.compile(r"\{([^}]+)\}")
_PLACE = re.compile(r'"(?:/[^/"]+){2,}|file://|[A-Za-z]:\\\\')
"""A path of this machine, as it would stand in JSON."""


class Left(Exception):
    """A bench was not run; its last figures stay. The words say why."""


def take(name: str, root: Path, data: Path) -> Path:
    """Run one bench and keep its figures in `docs/benchmarks/NAME.json` under `root`; return that file.

    Raises Left where its data is not there or it told no figures, WrongUse for a name that is no bench.
    """
    if name not in BENCHES:
        raise WrongUse(f"There is no bench {name!r} on the page.", f"These are: {', '.join(BENCHES)}")
    said = str(BENCHES[name]["run"])
    facts, started = machine(), time.monotonic()
    code, figures = _run(_with_files(said, data))
    target = root / KEPT / f"{name}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_as_text(_record(name, said, figures, code, facts, time.monotonic() - started)), encoding="utf-8")
    return target


def command_of(said: str) -> str:
    """Return the command as a person types it: files by their names alone."""
    return f"greenroom bench {_FILE.sub(lambda found: Path(found[1]).name, said)}"


def _with_files(said: str, data: Path) -> list[str]:
    words = said.split()
    wanted = {word: data / found[1] for word in words if (found := _FILE.fullmatch(word))}
    missing = [path.name for path in wanted.values() if not path.exists()]
    if missing:
        raise Left(f"its data ({', '.join(missing)}) is not in the data folder")
    return [str(wanted.get(word, word)) for word in words]


def _run(words: Sequence[str]) -> tuple[int, dict[str, Any]]:
    with TemporaryDirectory(prefix="greenroom-bench-") as home:
        done = subprocess.run(
            [*_GREENROOM, *words, "--json"], stdout=subprocess.PIPE, text=True, check=False,
            env=children.environment(GREENROOM_HOME=home),
        )  # fmt: skip
    try:
        figures = json.loads(done.stdout)
    except json.JSONDecodeError:
        figures = None
    if not isinstance(figures, dict) or "error" in figures:
        raise Left(f"it ended with {done.returncode} and told no figures")
    return done.returncode, figures


def _record(
    name: str, said: str, figures: dict[str, Any], code: int, facts: dict[str, Any], seconds: float
) -> dict[str, Any]:
    return {
        "bench": name,
        "command": command_of(said),
        "taken": datetime.now(UTC).date().isoformat(),
        "version": version("greenroom"),
        "machine": facts,
        "seconds": round(seconds),
        "held": code == 0,  # a bench that checks a promise ends with 1 where it was not kept
        "figures": figures,
    }


def _as_text(record: dict[str, Any]) -> str:
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    if _PLACE.search(text):
        raise Left("its figures name a path of this machine")
    return text
