"""The real chat, served by the real command in a process of its own, and a real browser before it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
START_S = 90


def browser_path() -> str:
    """Return where Chromium is; without one, fail on CI and skip elsewhere."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        reason = "no Chromium on this machine (make browser installs it)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(home: Path, port: int, **environment: str) -> Iterator[str]:
    """Run `greenroom chat` on a home until the block ends; yield its address."""
    elsewhere = home.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    command = [
        sys.executable,
        "-c",
        "from app.cli import main; main()",
        "chat",
        "--home",
        str(home),
        "--port",
        str(port),
    ]
    log = (home.parent / f"server-{port}.log").open("ab")
    settings = {"GREENROOM_WORKER_SECONDS": "0.3", "GREENROOM_UNDO_SECONDS": "0", **environment}
    process = subprocess.Popen(
        command, cwd=elsewhere, env={**os.environ, **settings}, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        yield _answering(process, f"http://127.0.0.1:{port}", Path(log.name))
    finally:
        process.terminate()
        process.wait(30)
        log.close()
    assert list(elsewhere.iterdir()) == [], "the chat writes into the folder it is started from"


def _answering(process: "subprocess.Popen[bytes]", address: str, log: Path) -> str:
    ends = time.monotonic() + START_S
    while time.monotonic() < ends:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{address}/health", timeout=5):
                return address
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the chat did not start:\n{log.read_text(encoding='utf-8')}")
