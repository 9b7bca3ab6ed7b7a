"""`greenroom bench speed`: what the product adds to the things that it is made of, as ratios taken in turn.

Its own time says little on a busy machine. Beside it, in turn, stands what nobody could do without: the imports, the
same call made bare, the same calls of a brief made bare.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from evals.bench import board, start
from evals.bench.calls.running import CHANNELS, imported
from evals.bench.speed import bare, ours
from evals.bench.speed.pairs import Pair, in_turn, told
from evals.bench.speed.replaying import replaying
from evals.machine import machine

MOST_APART = 0.02
"""Of the prompt tokens: further apart, the two did not ask the same, and their times say nothing of each other."""

Progress = Callable[[str, int, int], None]


def run(
    runs: int, delays_ms: Sequence[int], *, starts: int, proposals: int, people: int, progress: Progress
) -> dict[str, Any]:
    """Return ratios first, then what they are made of; times in milliseconds, those of cold starts in seconds.

    `delays_ms`: how long the fake model takes before its answer begins, one run of all repetitions for each.
    """
    facts = machine()
    progress("Cold starts", 0, starts)
    cold = start.run(runs=starts)
    with TemporaryDirectory(prefix="greenroom-bench-") as folder:
        chats, briefs = through_the_server(Path(folder), runs, delays_ms, progress)
    pages = board.run(proposals, people=people, decisions=0, progress=progress)
    return {
        "ratios": {
            **{f"cold_{name}": each["ratio"] for name, each in cold.items()},
            **{f"chat_first_token_{each['server_ms']}ms": each["ratio"] for each in chats},
            **{f"brief_{each['server_ms']}ms": each["ratio"] for each in briefs},
        },
        "machine": facts,
        "cold_starts": cold,
        "chat_first_token": chats,
        "brief": briefs,
        "board": {name: pages[name] for name in ("proposals", "people", "page", "card", "decision", "lost", "twice")},
    }


def through_the_server(
    home: Path, runs: int, delays_ms: Sequence[int], progress: Progress, channels: Sequence[str] = CHANNELS
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the figures of a conversation's first word, and of a brief, one of each for each delay."""
    imported(home)
    bodies, answers, chat = ours.recorded(home, channels)
    chats, briefs = [], []
    for delay in delays_ms:
        with replaying(answers, delay / 1000) as url:
            talked, drafted = _interleaved(home, url, bodies, chat, runs, channels, progress)
        chats.append({"server_ms": delay, **talked})
        briefs.append({"server_ms": delay, **drafted})
    return chats, briefs


def _interleaved(
    home: Path,
    url: str,
    bodies: Sequence[bare.Body],
    chat: bare.Body,
    runs: int,
    channels: Sequence[str],
    progress: Progress,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Talk and draft in turn with the same bare, `runs` times after one that is not counted."""
    studio, model = ours.opened(home, url), bare.client(url)
    talks: list[Pair] = []
    drafts: list[Pair] = []
    steps: list[dict[str, float]] = []
    asked = {"ours": 0, "bare": 0}

    def our_brief() -> float:
        took, asked["ours"], spans = ours.brief(studio, channels)
        steps.append(spans)
        return took

    def bare_brief() -> float:
        took, asked["bare"] = bare.all_calls(model, bodies)
        return took

    try:
        for number in range(runs + 1):
            talks.append(in_turn(lambda: ours.first_token(studio), lambda: bare.first_token(model, chat), number))
            drafts.append(in_turn(our_brief, bare_brief, number))
            progress("Talking and drafting", number, runs)
    finally:
        studio.close()
    if abs(asked["ours"] - asked["bare"]) > MOST_APART * asked["bare"]:
        raise RuntimeError(f"The two did not ask the same: {asked} prompt tokens")
    spans = {name: round(median(each.get(name, 0.0) for each in steps[1:]), 1) for name in steps[-1]}
    about = {"calls": len(bodies), "prompt_tokens": asked, "proposals": len(channels), "steps_ms": spans}
    return told(talks[1:]), {**told(drafts[1:]), **about}
