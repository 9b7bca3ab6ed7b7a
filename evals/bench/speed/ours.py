"""The product's own calls, through the face that every door uses: an answer's first word, and a whole brief."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.studio import Studio
from core.ids import new_id
from evals.bench.calls.running import NOW, settings
from evals.bench.calls.server import KEY, Script, serving
from evals.bench.speed.replaying import ANSWER, purpose_of
from evals.openai_fake import Say, openai_server
from evals.sample import brief_source, workspace

QUESTION = "Who keeps the tide tables, and since when?"


def opened(home: Path, url: str) -> Studio:
    """Open the sample creator's studio with the model at `url`."""
    return Studio.open(settings(home, url), clock=lambda: NOW)


def recorded(home: Path, channels: Sequence[str]) -> tuple[list[dict[str, Any]], dict[str, str], dict[str, Any]]:
    """Let the product ask once; return (a brief's bodies in order, what was said to each purpose, a chat's body)."""
    script = Script()
    with serving(script) as url:
        studio = opened(home, url)
        brief(studio, channels)
        studio.close()
    with openai_server(KEY) as server:
        server.script(Say(ANSWER))
        studio = opened(home, server.base_url)
        first_token(studio)
        studio.close()
        [chat] = server.journal
    bodies = [body for body, _ in script.answered]
    return bodies, {str(purpose_of(body)): text for body, text in script.answered}, chat


def first_token(studio: Studio) -> float:
    """Return how many milliseconds pass from a person's first message to the first word; the rest is only read."""
    started, took = time.perf_counter(), 0.0
    for event in studio.converse(new_id("t"), QUESTION):
        if event.kind == "notice":
            raise RuntimeError(f"The conversation broke off: {event.text}")
        if not took and event.kind == "token":
            took = (time.perf_counter() - started) * 1000
    if not took:
        raise RuntimeError("The conversation brought no word.")
    return took


def brief(studio: Studio, channels: Sequence[str]) -> tuple[float, int, dict[str, float]]:
    """Take one brief to its proposals; return (milliseconds, prompt tokens, milliseconds by step).

    A step lasts from its first beginning to its last end: drafts are written at once. Raises RuntimeError for a
    channel without a proposal.
    """
    steps: dict[str, list[float]] = {}
    started = time.perf_counter()

    def noted(name: str, _done: bool) -> None:
        steps.setdefault(name.partition(":")[0], []).append(time.perf_counter())

    made = studio.start(workspace().ask, from_=str(brief_source()), channels=channels, progress=noted)
    took = (time.perf_counter() - started) * 1000
    if sorted(each.channel for each in made.proposals) != sorted(channels):
        raise RuntimeError(f"Not every channel came to a proposal: {made.notices}")
    spans = {name: (times[-1] - times[0]) * 1000 for name, times in steps.items()}
    return took, made.usage.input_tokens, spans
