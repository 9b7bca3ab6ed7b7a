"""Cold starts: whole processes, timed in turn with the import that each is measured against.

Absolute times say little on a busy machine; the ratio of two processes run in turn in the same minute does.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from evals.sample import folder

_GREENROOM = (sys.executable, "-c", "from app.cli import main; main()")


def run(paths: Sequence[Path] = (), *, runs: int = 5, query: str = "plain language") -> dict[str, Any]:
    """Return medians (seconds) and ratios of `--help` and of a cold recall over what `paths` hold (else the sample)."""
    with TemporaryDirectory(prefix="greenroom-bench-") as home:
        env = {**os.environ, "GREENROOM_HOME": home, "OMP_NUM_THREADS": "1"}
        _time([*_GREENROOM, "init"], env)
        _time([*_GREENROOM, "import", *map(str, paths or [folder() / "works"])], env)
        return {
            "help": _paired([*_GREENROOM, "--help"], _importing("langgraph.graph"), env, runs),
            "recall": _paired([*_GREENROOM, "recall", query, "--json"], _importing("sentence_transformers"), env, runs),
        }


def _importing(module: str) -> list[str]:
    return [sys.executable, "-c", f"import {module}"]


def _paired(ours: Sequence[str], other: Sequence[str], env: dict[str, str], runs: int) -> dict[str, Any]:
    """Run the two in turn; the ratio is the median of the ratios pair by pair."""
    _time(ours, env), _time(other, env)  # a warm-up each: the first run reads the disk
    pairs = [(_time(ours, env), _time(other, env)) for _ in range(runs)]
    return {
        "seconds": round(median(a for a, _ in pairs), 3),
        "against": " ".join(other[-1:]),
        "against_seconds": round(median(b for _, b in pairs), 3),
        "ratio": round(median(a / b for a, b in pairs), 3),
        "runs": runs,
    }


def _time(command: Sequence[str], env: dict[str, str]) -> float:
    started = time.monotonic()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - started
