"""A home full of proposals, the real command that serves it, and a plain line to ask it by: for the web's benchmarks.

The proposals are copies of what one brief of the sample creator came to: the same weight as real ones, made in no time.
"""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles

from app.founding import found_sample
from app.settings import Settings
from app.studio import Studio
from core.errors import WrongUse
from core.ids import new_id
from core.proposals import Proposal
from evals.bench import children

ASK = "Announce episode 41, The slow harbour"
A_BRIEF = 12  # proposals under one heading
START_S = 120
_SERVE = (sys.executable, "-c", "from app.cli import main; main()", "serve")


def filled(home: Path, count: int, settings: Settings | None = None) -> list[Proposal]:
    """Make a home with so many waiting proposals; return those that nobody has decided, the last made first."""
    settings = settings or Settings(home=home)
    _, works = found_sample(settings)
    studio = Studio.open(settings)
    studio.import_paths([works])
    made = studio.start(ASK).proposals
    brief = studio.memory.briefs.get(made[0].brief_id)
    copies: list[Proposal] = []
    while len(made) + len(copies) < count:
        if len(copies) % A_BRIEF == 0:
            brief = brief.model_copy(update={"id": new_id("b"), "created_at": studio.clock()})
            studio.memory.briefs.add(brief)
        like = made[len(copies) % len(made)]
        new = like.model_copy(update={"id": new_id("p"), "brief_id": brief.id, "created_at": studio.clock()})
        studio.memory.proposals.add(new)
        copies.append(new)
    studio.close()
    return copies


@contextmanager
def served(home: Path, *options: str, **environment: str) -> Iterator[int]:
    """Serve a home by the real command until the block ends; yield its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = (home.parent / f"serve-{port}.log").open("ab")
    command = [*_SERVE, "--home", str(home), "--port", str(port), *options]
    process = subprocess.Popen(command, stdout=log, stderr=log, env=children.environment(**environment))
    try:
        _wait(port, process, Path(log.name))
        yield port
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + START_S
    while time.monotonic() < ends and process.poll() is None:
        try:
            asked(HTTPConnection("127.0.0.1", port, timeout=30), "GET", "/")
            return
        except OSError:
            time.sleep(0.2)
    raise WrongUse(f"The board did not start: {log.read_text(encoding='utf-8')[-500:]}")


def asked(line: HTTPConnection, method: str, where: str, body: object = None) -> tuple[float, bytes]:
    """Return how many milliseconds an answer took, and the answer. Raises WrongUse for any but 200."""
    started = time.perf_counter()
    headers = {"Content-Type": "application/json"} if body is not None else {}
    line.request(method, where, None if body is None else json.dumps(body), headers)
    answer = line.getresponse()
    read = answer.read()
    if answer.status != 200:
        raise WrongUse(f"{where} answered {answer.status}: {read[:200]!r}")
    return (time.perf_counter() - started) * 1000, read


def spread(milliseconds: list[float]) -> dict[str, float]:
    """Return `{count, median, p95}`."""
    if len(milliseconds) < 2:
        return {"count": len(milliseconds), "median": round(sum(milliseconds), 1), "p95": round(sum(milliseconds), 1)}
    p95 = quantiles(milliseconds, n=20, method="inclusive")[-1]
    return {"count": len(milliseconds), "median": round(median(milliseconds), 1), "p95": round(p95, 1)}
