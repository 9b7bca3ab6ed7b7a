"""Tokens of prompts: those that a server may have kept, and those of a design that asks for each channel and step."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

import prompts
from evals.bench.calls.server import BYTES_PER_TOKEN, Asked, tokens

LEAST, STEP = 1024, 128
"""Servers keep a prompt's beginning from so many tokens on, in pieces of so many (OpenAI's published rule)."""


def cacheable(sent: Sequence[str]) -> int:
    """Return how many of all prompts' tokens stand at the beginning of an earlier prompt, byte for byte."""
    total = 0
    for at, prompt in enumerate(sent):
        common = max((_common(prompt, earlier) for earlier in sent[:at]), default=0) // BYTES_PER_TOKEN
        total += common // STEP * STEP if common >= LEAST else 0
    return total


def _common(*texts: str) -> int:
    """Return how many bytes all of them begin with."""
    return sum(1 for _ in takewhile(lambda each: len(set(each)) == 1, zip(*map(str.encode, texts), strict=False)))


def shared_bytes(asked: Sequence[Asked]) -> int:
    """Return how many bytes all calls that carry the house's words begin with, after the schema of their answer."""
    return _common(*(each.prompt[len(each.form) :] for each in asked if "works" in each.data))


def beside(asked: Sequence[Asked], channels: Sequence[str]) -> dict[str, int]:
    """Return the calls and tokens of the same brief where each step is asked once for each channel.

    Such a call carries the same material, and of the channels' words only its own; locales are left out.
    """
    sent = list(_each_by_itself(asked, channels))
    return {"calls": len(sent), "prompt_tokens": sum(map(tokens, sent))}


def _each_by_itself(asked: Sequence[Asked], channels: Sequence[str]) -> Iterator[str]:
    for each in asked:
        if each.task == "plan":
            for channel in channels:
                yield _prompt(each, channel, each.data)
        elif each.task in ("revise", "vary"):
            for draft in each.data["drafts"]:
                yield _prompt(each, draft["channel"], {**each.data, "drafts": [draft]})
        elif each.task == "draft":
            yield _prompt(each, each.data["channel"], each.data)


def _prompt(each: Asked, channel: str, data: dict[str, Any]) -> str:
    house = prompts.render("house", channels=[channel])
    return f"{each.form}\n{house}\n{prompts.request_first(each.task, data, prompts.render(each.task))}"
