"""The same calls made bare: langchain-openai against the same server, with the very bodies that the product sent."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from evals.bench.calls.server import KEY, MODEL
from evals.bench.speed.replaying import purpose_of

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

Body = dict[str, Any]
_OWN = frozenset({"model", "messages", "stream", "stream_options"})  # said by the client itself


def client(url: str) -> "ChatOpenAI":
    """Return the client; one lasts for all calls, as the product's does."""
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(model=MODEL, base_url=url, api_key=SecretStr(KEY), timeout=60, max_retries=0, stream_usage=True)


def first_token(model: "ChatOpenAI", body: Body) -> float:
    """Return how many milliseconds pass from the call to the first word; the rest is read, and not counted."""
    started = time.perf_counter()
    took = 0.0
    for chunk in _bound(model, body).stream(body["messages"]):
        if not took and chunk.text:
            took = (time.perf_counter() - started) * 1000
    if not took:
        raise RuntimeError("The bare call brought no word.")
    return took


def all_calls(model: "ChatOpenAI", bodies: Sequence[Body]) -> tuple[float, int]:
    """Make a brief's calls, a step after the other and a step's all at once; return (milliseconds, prompt tokens)."""
    started, asked = time.perf_counter(), 0
    for _, step in groupby(bodies, key=lambda body: str(purpose_of(body)).split()[0]):
        together = list(step)
        with ThreadPoolExecutor(len(together)) as pool:
            asked += sum(pool.map(lambda body: _call(model, body), together))
    return (time.perf_counter() - started) * 1000, asked


def _call(model: "ChatOpenAI", body: Body) -> int:
    answer = _bound(model, body).invoke(body["messages"])
    return int(answer.usage_metadata["input_tokens"]) if answer.usage_metadata else 0


def _bound(model: "ChatOpenAI", body: Body) -> Any:
    return model.bind(**{name: value for name, value in body.items() if name not in _OWN})
