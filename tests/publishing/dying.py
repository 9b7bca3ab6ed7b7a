"""Senders that are killed for good: a forked child that makes one round and dies at a chosen moment of it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from publishing import bearer
from tests.publishing.posting import Stage


def die_at(stage: Stage, moment: int) -> bool:
    """Let another process make a round and kill itself at its moment number `moment`; return False if it had fewer.

    Moments are: before and after each request, and after each commit of a publication's row.
    """
    child = os.fork()
    if child == 0:
        try:
            _round(stage, moment)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _round(stage: Stage, moment: int) -> None:
    mine = stage.elsewhere(stage.home)
    passed = 0

    def here() -> None:
        nonlocal passed
        passed += 1
        if passed == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    bearer.client = _client(here)
    step = mine.memory.publications.step

    def stepped(*given: Any, **changes: Any) -> Any:
        moved = step(*given, **changes)
        here()
        return moved

    mine.memory.publications.step = stepped
    mine.desk.publish_due()


def _client(here: Callable[[], None]) -> Callable[[], Any]:
    class Counting(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            here()
            answer = httpx2.HTTPTransport(retries=0).handle_request(request)
            answer.read()
            here()
            return answer

    @contextmanager
    def client() -> Iterator[httpx2.Client]:
        yield httpx2.Client(transport=Counting(), timeout=20)

    return client
