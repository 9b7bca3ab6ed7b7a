"""Stand between the tests and one server's process: when the tests stop or die, end its whole group and its folder.

Run as a program of its own, with what to run as JSON. Its input is a pipe that only the tests hold open: the system
closes it however they end, also on SIGKILL, when nothing of ours in the tests could clean up.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

LOOK_S = 0.1
PATIENCE_S = 10.0


def end(child: "subprocess.Popen[bytes]", how: int) -> None:
    """Ask the group to end in the way its server wants; then make sure."""
    for number in (how, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE_S)


def watch(spec: dict[str, Any]) -> int:
    """Run what the spec says until it ends or the pipe closes; return its exit code."""
    with Path(spec["log"]).open("ab") as log:
        child = subprocess.Popen(
            spec["command"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0, **spec["drop"]
        )
    stopped = False
    while child.poll() is None and not stopped:
        stopped = bool(select.select([sys.stdin], [], [], LOOK_S)[0])
    end(child, spec["ends_with"])
    if stopped:  # a server that ended by itself leaves its log, for the tests to say why
        shutil.rmtree(spec["folder"], ignore_errors=True)
    return child.returncode


if __name__ == "__main__":
    sys.exit(watch(json.loads(sys.argv[1])))
