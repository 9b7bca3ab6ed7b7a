"""Many review at once while many briefs are drafted: nothing lost, nothing decided twice, and how long a page takes.

People come in pairs: both of a pair open the same cards and decide them at the same moment, each with another verb, so
that every decision is contested. With several web processes the two of a pair sit at different ones. Between two cards
a person reads for a moment. Every person's board is open: each holds a stream of changes, as a browser does.
"""

import json
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from app.settings import Settings
from app.studio import Studio
from core.errors import WrongUse
from core.proposals import Proposal
from evals.bench.web import asked, filled, served, spread

MOST_S = 900
VERBS = ("reject", "approve")
Told = Callable[[str, int, int], None]


@dataclass
class Seen:
    """What all people together saw; appended by many threads, which lists allow."""

    pages: list[float] = field(default_factory=list)
    cards: list[float] = field(default_factory=list)
    trips: list[float] = field(default_factory=list)
    done: list[tuple[str, str]] = field(default_factory=list)  # proposal, verb
    second: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)  # events, one number a stream


def run(
    *, reviewers: int, briefs: int, each: int, think_s: float, processes: int, database_url: str | None, progress: Told
) -> dict[str, Any]:
    """Return the figures; times in milliseconds. `database_url`: an empty PostgreSQL; without it, SQLite.

    Raises WrongUse for a database that holds a workspace already.
    """
    pairs = (reviewers + 1) // 2
    with TemporaryDirectory(prefix="greenroom-bench-") as folder, ExitStack() as stack:
        home = Path(folder) / "home"
        settings = Settings(home=home, database_url=database_url)
        _refuse_a_used(settings)
        progress("Putting proposals on the board", 0, pairs * each)
        made = filled(home, pairs * each + 10, settings)[: pairs * each]
        environment = {"GREENROOM_DATABASE_URL": database_url} if database_url else {}
        alone: list[tuple[str, ...]] = [()] + [("--no-worker",)] * (processes - 1)
        ports = [stack.enter_context(served(home, *options, **environment)) for options in alone]
        progress("Reviewing and drafting at once", 0, len(made))
        seen, asks = Seen(), [f"Announce the {number}th walk along the quay" for number in range(1, briefs + 1)]
        started = time.perf_counter()
        _begin(ports, asks)
        _review(ports, made, reviewers, think_s, seen)
        reviewed = time.perf_counter() - started
        progress("Waiting for the last briefs", 0, briefs)
        drafted, left = _drafted(settings, ports, asks)
        figures = {**_counted(settings, seen, made), "briefs": drafted, "briefs_failed": left}
    return {
        "reviewers": reviewers,
        **figures,
        "page_p95_ms": spread(seen.pages)["p95"],
        "round_trip_p95_ms": spread(seen.trips)["p95"],
        "page": spread(seen.pages),
        "card": spread(seen.cards),
        "round_trip": spread(seen.trips),
        "events_heard": sum(seen.heard),
        "reviewed_s": round(reviewed, 1),
        "all_s": round(time.perf_counter() - started, 1),
        "broken": seen.broken[:3],
        "database": "postgresql" if database_url else "sqlite",
        "web_processes": processes,
    }


def _refuse_a_used(settings: Settings) -> None:
    studio = Studio.open(settings)
    used = studio.memory.workspaces.current()
    studio.close()
    if used:
        raise WrongUse("That database holds a workspace. Nothing was changed.", "Name an empty one: --database-url")


def _begin(ports: list[int], asks: list[str]) -> None:
    for number, ask in enumerate(asks):
        line = HTTPConnection("127.0.0.1", ports[number % len(ports)], timeout=60)
        asked(line, "POST", "/board/brief", {"ask": ask, "channels": ["bluesky", "linkedin"]})
        line.close()


# people


def _review(ports: list[int], made: list[Proposal], reviewers: int, think_s: float, seen: Seen) -> None:
    """Let all of them review until each has been through its share."""
    pairs, ends = (reviewers + 1) // 2, threading.Event()
    meets = [threading.Barrier(2 if pair * 2 + 1 < reviewers else 1) for pair in range(pairs)]
    streams = [
        threading.Thread(target=_listen, args=(ports[(number % 2) % len(ports)], ends, seen), daemon=True)
        for number in range(reviewers)
    ]
    people = [
        threading.Thread(
            target=_person,
            args=(
                ports[(number % 2) % len(ports)],
                number,
                made[number // 2 :: pairs],
                meets[number // 2],
                think_s,
                seen,
            ),
        )
        for number in range(reviewers)
    ]
    for thread in (*streams, *people):
        thread.start()
    for thread in people:
        thread.join(MOST_S)
    ends.set()


def _person(port: int, number: int, mine: list[Proposal], meet: threading.Barrier, think_s: float, seen: Seen) -> None:
    moods = Random(number // 2)  # a pair reads equally long
    for proposal in mine:
        time.sleep(think_s * moods.uniform(0.3, 1.7))
        line = HTTPConnection("127.0.0.1", port, timeout=60)  # the server has closed one that was idle for so long
        try:
            seen.pages.append(asked(line, "GET", f"/?p={proposal.id}")[0])
            seen.cards.append(asked(line, "GET", f"/board/card/{proposal.id}")[0])
            meet.wait(60)
            wish = {"id": proposal.id, "sha": proposal.sha, "verb": VERBS[number % 2]}
            took, answer = asked(line, "POST", "/board/decide", wish)
        except (OSError, HTTPException, WrongUse, threading.BrokenBarrierError) as error:
            seen.broken.append(f"{type(error).__name__}: {error}"[:200])
            continue
        finally:
            line.close()
        seen.trips.append(took)
        said = json.loads(answer)
        if said["done"]:
            seen.done.append((proposal.id, wish["verb"]))
        else:
            seen.second.append(said["said"])


def _listen(port: int, ends: threading.Event, seen: Seen) -> None:
    """Hold a stream of changes, as an open board does, and count what is told."""
    line, heard = HTTPConnection("127.0.0.1", port, timeout=30), 0
    try:
        line.request("GET", "/board/events")
        answer = line.getresponse()
        while not ends.is_set() and (told := answer.readline()):
            heard += told.startswith(b"event:")
    except (OSError, HTTPException):
        pass  # it ends with its server
    seen.heard.append(heard)


# what became of it


def _drafted(settings: Settings, ports: list[int], asks: list[str]) -> tuple[int, int]:
    """Wait until no brief runs any more; return how many came to drafts, and how many did not."""
    ends = time.monotonic() + MOST_S
    while time.monotonic() < ends:
        jobs = [asked(HTTPConnection("127.0.0.1", port, timeout=60), "GET", "/board/jobs")[1] for port in ports]
        if all(b'data-running="0"' in each for each in jobs):
            break
        time.sleep(1)
    studio = Studio.open(settings)
    with_drafts = {each.brief_id for each in studio.proposals()}
    found = {studio.memory.briefs.get(each).ask for each in with_drafts}
    studio.close()
    drafted = sum(ask in found for ask in asks)
    return drafted, len(asks) - drafted


def _counted(settings: Settings, seen: Seen, made: list[Proposal]) -> dict[str, Any]:
    """Compare what was answered as done with what the database and its ledger hold."""
    studio = Studio.open(settings)
    kept = {each.id: studio.memory.decisions.for_proposal(each.id) for each in made}
    ledger = studio.memory.ledger.verify()
    studio.close()
    told = {(proposal_id, decision.verb) for proposal_id, found in kept.items() for decision in found}
    return {
        "decisions": len(seen.done),
        "told_they_were_second": len(seen.second),
        "lost": sum(each not in told for each in seen.done),
        "double": sum(len(found) > 1 for found in kept.values())
        + len(seen.done)
        - len({each for each, _ in seen.done}),
        "undecided": sum(not found for found in kept.values()),
        "ledger_unbroken": ledger.ok,
    }
