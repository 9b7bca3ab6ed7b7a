"""Open pages stay true: whatever happens to one of them, and whichever of two sendings is the slower one."""

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from app import chat_cards
from app.chat_cards import Pages, Place


class Session:
    """A page's connection, as the cards use it: it keeps what was sent."""

    def __init__(self, name: str) -> None:
        self.id, self.socket_id, self.thread_id = name, f"socket-{name}", f"thread-{name}"
        self.sent: list[str] = []

    async def emit(self, _event: str, made: dict[str, Any]) -> None:
        self.sent.append(made["props"]["state"])


class Table:
    """One proposal and its state; whoever reads the card while `slow` is set waits for it."""

    def __init__(self) -> None:
        self.state = "waiting"
        self.slow: threading.Event | None = None
        self.reading = threading.Event()

    def latest(self, proposal_id: str) -> Any:
        return SimpleNamespace(id=proposal_id)

    def place(self, proposal: Any) -> str:
        return f"root-{proposal.id}"

    def stamps(self, ids: list[str]) -> dict[str, tuple[str, ...]]:
        return dict.fromkeys(ids, (self.state,))

    def cards(self, _proposals: list[Any]) -> list[dict[str, Any]]:
        state, slow = self.state, self.slow
        if slow:
            self.slow = None
            self.reading.set()
            slow.wait(10)
        return [{"state": state}]


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> dict[str, Session]:
    found = {name: Session(name) for name in ("first", "second")}
    monkeypatch.setattr(chat_cards, "ws_sessions_id", found)
    return found


def pages_with(table: Table, sessions: dict[str, Session]) -> Pages:
    return Pages(table, laid={name: {"root-p": Place(f"m-{name}", "p")} for name in sessions})  # type: ignore[arg-type]


async def until(true: Any) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


async def test_a_page_that_closes_during_a_look_ends_the_watch_for_no_other(
    sessions: dict[str, Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_cards, "LOOK_EVERY_S", 0.01)
    table = Table()
    pages, first, second = pages_with(table, sessions), sessions["first"], sessions["second"]
    real = pages._look

    async def closing(session: Any) -> None:
        if session is first and sessions.pop("second", None):
            await pages.refresh("p")  # which forgets the page that closed, before the watch comes to it
        await real(session)

    monkeypatch.setattr(pages, "_look", closing)
    watch = asyncio.create_task(pages._watch())
    await until(lambda: first.sent)
    table.state = "live"
    await until(lambda: first.sent[-1] == "live")
    assert not watch.done()
    assert second.sent == []
    watch.cancel()


async def test_trouble_with_one_page_ends_the_watch_for_no_other(
    sessions: dict[str, Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_cards, "LOOK_EVERY_S", 0.01)
    table = Table()
    pages, second = pages_with(table, sessions), sessions["second"]

    async def broken(_event: str, _made: dict[str, Any]) -> None:
        raise ConnectionError("gone")

    monkeypatch.setattr(sessions["first"], "emit", broken)
    watch = asyncio.create_task(pages._watch())
    await until(lambda: second.sent)
    table.state = "live"
    await until(lambda: second.sent[-1] == "live")
    assert not watch.done()
    watch.cancel()


async def test_of_two_sendings_at_once_the_newer_one_arrives_last(sessions: dict[str, Session]) -> None:
    table = Table()
    pages, first = pages_with(table, sessions), sessions["first"]
    table.slow = held = threading.Event()
    place = pages.laid["first"]["root-p"]
    older = asyncio.create_task(pages._send(first, "root-p", place))  # type: ignore[arg-type]
    await until(table.reading.is_set)
    table.state = "live"
    newer = asyncio.create_task(pages._send(first, "root-p", place))  # type: ignore[arg-type]
    await asyncio.sleep(0.1)
    held.set()
    await asyncio.gather(older, newer)
    assert first.sent == ["waiting", "live"]
