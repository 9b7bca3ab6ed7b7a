"""What all counterparts share: a folder, guarded processes, waiting for the first good answer, and an end."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, Self

import pytest

GUARD = Path(__file__).with_name("guard.py")
INSTALLED = Path(__file__).parents[2] / ".counterparts"  # what scripts/install-counterparts puts there
START_S = 60.0
TRIES = 3
TAIL = 3000  # characters of a log worth showing


class NotStarted(AssertionError):
    """A counterpart ended, or gave no good answer in time; the text has the end of its log."""


def absent(name: str, what: str) -> NoReturn:
    """Say that a counterpart is not installed: on CI that fails, elsewhere it skips."""
    reason = f"{name} can't run here: {what} (scripts/install-counterparts installs it as root on Debian)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A real server in a folder of its own; a subclass says how it begins."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gr-"))  # a short path: a socket's name has little room
        self.url = ""
        self._guards: list[subprocess.Popen[bytes]] = []

    @classmethod
    def start(cls) -> Self:
        """Start one and return it when it answers; somebody else may take its port first, so try again."""
        for left in reversed(range(TRIES)):
            server = cls()
            try:
                server.begin()
                return server
            except BaseException as error:
                server.stop()
                if not (left and isinstance(error, NotStarted)):
                    raise
        raise AssertionError("unreachable")

    def begin(self) -> None:
        """Start the processes and wait until they answer."""
        raise NotImplementedError

    def own(self, path: Path) -> None:
        """Hand a folder to the one that `drop` runs programs as."""
        if self.drop:
            shutil.chown(path, "nobody", "nogroup")

    @property
    def drop(self) -> dict[str, Any]:
        """How subprocess makes root nobody, for servers that refuse to be root."""
        return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}

    @property
    def environment(self) -> dict[str, str]:
        """What every program of this server gets to see, and nothing else of ours."""
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin",
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "LANG": "C.UTF-8",
            "COUNTERPART": str(self.folder),  # the mark by which what it left behind is found
        }

    def run(self, *command: str, drop: bool = False, given: str = "", **environment: str) -> str:
        """Run a program to its end, with `given` as its input; return what it printed."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**self.environment, **environment},
            input=given,
            capture_output=True,
            text=True,
            check=False,
            **(self.drop if drop else {}),
        )
        if done.returncode:
            raise NotStarted(f"{command[0]} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-TAIL:]}")
        return done.stdout

    def serve(
        self, *command: str, drop: bool = False, ends_with: int = signal.SIGKILL, env: Mapping[str, str] | None = None
    ) -> None:
        """Keep a program running, in a process group under a guard, until `stop` or the end of the tests."""
        spec = {
            "command": command,
            "folder": str(self.folder),
            "log": str(self.folder / "log"),
            "ends_with": int(ends_with),
            "drop": self.drop if drop else {},
        }
        guard = subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARD), json.dumps(spec)],
            cwd=self.folder,
            env={**self.environment, **(env or {})},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._guards.append(guard)

    def wait(self, answers: Callable[[], bool]) -> None:
        """Wait until it answers; a refused connection or an unfinished answer means not yet."""
        ends = time.monotonic() + START_S
        while time.monotonic() < ends and all(guard.poll() is None for guard in self._guards):
            try:
                if answers():
                    return
            except OSError:
                pass
            time.sleep(0.05)
        log = self.folder / "log"
        raise NotStarted(f"{type(self).__name__}:\n{log.read_text(errors='replace')[-TAIL:] if log.exists() else ''}")

    def stop(self) -> None:
        """End it and remove what it wrote; a second time is fine."""
        for guard in reversed(self._guards):
            if guard.stdin:
                guard.stdin.close()
            guard.wait()
        self._guards.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
