"""A run that is killed leaves no process behind and goes on where it stood: what was done is not done again."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from evals.harness.candidate import Candidate
from evals.harness.evaluating import evaluate
from evals.harness.running import Wanted
from tests.evals.harness.making import SlowToy, lines_of

ALL = 12
CODE = """
import sys
from pathlib import Path
from evals.harness.candidate import Candidate
from evals.harness.evaluating import evaluate
from evals.harness.running import Wanted
from tests.evals.harness.making import SlowToy
here = Path(sys.argv[1])
toy = SlowToy(12, 0.25, here / "noted")
evaluate([Candidate()], {"sums": toy}, Wanted(tasks=(), processes=2, cache=here / "kept"), here / "out")
"""


def killed_after(here: Path, cases: int) -> int:
    """Run in other processes, kill the run while it does a case; return how many outcomes it kept."""
    env = {**os.environ, "TMPDIR": str(here)}
    running = subprocess.Popen([sys.executable, "-c", CODE, str(here)], env=env, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 120
    while len(lines_of(here / "noted")) <= cases:
        assert running.poll() is None and time.monotonic() < end, running.stderr and running.stderr.read()
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    return len(list((here / "kept" / "outcomes").rglob("*.json")))


def workers_of(here: Path) -> list[int]:
    """Return the processes that did a case."""
    return [int(path.name.rpartition("-")[2]) for path in here.glob("noted-by-*")]


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_run_that_was_killed_ends_with_its_processes_and_goes_on_where_it_stood(tmp_path: Path) -> None:
    done = killed_after(tmp_path, 3)
    assert 2 <= done < ALL and not (tmp_path / "out" / "run.json").exists()
    workers, end = workers_of(tmp_path), time.monotonic() + 20
    while any(map(is_there, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    left = [pid for pid in workers if is_there(pid)]
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert workers and left == []
    again = tmp_path / "noted-again"
    wanted = Wanted(tasks=(), cache=tmp_path / "kept")
    run = evaluate([Candidate()], {"sums": SlowToy(ALL, 0, again)}, wanted, tmp_path / "out")
    [task] = run.first().tasks
    kept = [row.id for row in task.rows if row.kept]
    assert len(kept) == done and len(lines_of(again)) == ALL - done
    assert set(kept) | set(lines_of(again)) == {row.id for row in task.rows} and not set(kept) & set(lines_of(again))
    assert [figure.mean for figure in task.figures if figure.name == "good"] == [1.0]
    assert json.loads((tmp_path / "out" / "run.json").read_text())["id"] == run.id
