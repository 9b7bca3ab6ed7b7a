"""A run that is killed goes on where it stood: what was done is not done again."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from evals.harness.evaluating import evaluate
from evals.harness.running import Wanted
from tests.evals.harness.making import MODEL, SlowToy, lines_of

ALL = 12
CODE = """
import sys
from pathlib import Path
from evals.harness.evaluating import evaluate
from evals.harness.running import Wanted
from tests.evals.harness.making import MODEL, SlowToy
here = Path(sys.argv[1])
toy = SlowToy(12, 0.25, here / "noted")
evaluate([MODEL], {"sums": toy}, Wanted(tasks=(), at_once=1, cache=here / "kept"), here / "out")
"""


def killed_after(here: Path, cases: int) -> int:
    """Run in another process, kill it while it does a case; return how many outcomes it kept."""
    env = {**os.environ, "TMPDIR": str(here)}
    running = subprocess.Popen([sys.executable, "-c", CODE, str(here)], env=env, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 120
    while len(lines_of(here / "noted")) <= cases:
        assert running.poll() is None and time.monotonic() < end, running.stderr and running.stderr.read()
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    return len(list((here / "kept" / "outcomes").rglob("*.json")))


def test_a_run_that_was_killed_goes_on_where_it_stood(tmp_path: Path) -> None:
    done = killed_after(tmp_path, 3)
    assert 3 <= done < ALL and not (tmp_path / "out" / "run.json").exists()
    again = tmp_path / "noted-again"
    wanted = Wanted(tasks=(), at_once=1, cache=tmp_path / "kept")
    run = evaluate([MODEL], {"sums": SlowToy(ALL, 0, again)}, wanted, tmp_path / "out")
    [task] = run.first().tasks
    kept = [row.id for row in task.rows if row.kept]
    assert len(kept) == done and len(lines_of(again)) == ALL - done
    assert set(kept) | set(lines_of(again)) == {row.id for row in task.rows} and not set(kept) & set(lines_of(again))
    assert [figure.mean for figure in task.figures if figure.name == "good"] == [1.0]
    assert json.loads((tmp_path / "out" / "run.json").read_text())["id"] == run.id
