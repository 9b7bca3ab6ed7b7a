"""Cold starts: whole processes, timed in turn with the import that each is measured against.

Absolute times say little on a busy machine; the ratio of two processes run in turn in the same minute does.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from evals.bench.children import environment
from evals.sample import folder

_GREENROOM = (sys.executable, "-c", "from app.cli import main; main()")
_HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}},
}


def run(paths: Sequence[Path] = (), *, runs: int = 5, query: str = "plain language") -> dict[str, Any]:
    """Return medians (seconds) and ratios of `--help`, of a recall in `paths` (else the sample), of an IDE's hello."""
    with TemporaryDirectory(prefix="greenroom-bench-") as home:
        env = environment(GREENROOM_HOME=home, OMP_NUM_THREADS="1")
        _time([*_GREENROOM, "init"], env)
        _time([*_GREENROOM, "import", *map(str, paths or [folder()])], env)
        return {
            "help": _paired([*_GREENROOM, "--help"], _importing("langgraph.graph"), env, runs),
            "recall": _paired([*_GREENROOM, "recall", query, "--json"], _importing("sentence_transformers"), env, runs),
            "initialize": _paired([*_GREENROOM, "mcp"], _importing("mcp"), env, runs, said=f"{json.dumps(_HELLO)}\n"),
        }


def _importing(module: str) -> list[str]:
    return [sys.executable, "-c", f"import {module}"]


def _paired(
    ours: Sequence[str], other: Sequence[str], env: dict[str, str], runs: int, *, said: str = ""
) -> dict[str, Any]:
    """Run the two in turn; the ratio is the median of the ratios pair by pair. `said`: what ours reads on stdin."""
    _time(ours, env, said), _time(other, env)  # a warm-up each: the first run reads the disk
    pairs = [(_time(ours, env, said), _time(other, env)) for _ in range(runs)]
    return {
        "seconds": round(median(a for a, _ in pairs), 3),
        "against": " ".join(other[-1:]),
        "against_seconds": round(median(b for _, b in pairs), 3),
        "ratio": round(median(a / b for a, b in pairs), 3),
        "runs": runs,
    }


def _time(command: Sequence[str], env: dict[str, str], said: str = "") -> float:
    """Return how long a whole process takes. What is said to it must be answered, or there is nothing to measure."""
    started = time.monotonic()
    done = subprocess.run(command, env=env, check=True, input=said.encode(), capture_output=True)
    took = time.monotonic() - started
    if said and b'"result"' not in done.stdout:
        raise RuntimeError(f"It did not answer: {done.stderr.decode(errors='replace')[-300:]}")
    return took
