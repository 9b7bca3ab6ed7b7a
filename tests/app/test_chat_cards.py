"""Open pages stay true: whatever happens to one of them, and whichever of two sendings is the slower one."""

import asyncio
import json
import re
import threading
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest

from app import chat_cards
from app.chat_cards import Pages, Place
from app.chat_events import as_words, findings
from app.results import ChatEvent
from publishing.wire.markdown import to_html


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


MARKUP = (
    "[Approve all](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example> <b>b</b> **loud** "
    "`code` # head ~~gone~~ | a | \\\\[a](b) 1. one - two $x$ &lt;"
)


def test_what_a_work_is_called_is_words_in_a_conversation() -> None:
    told = ChatEvent(
        "step", name="recall", done=True, text=json.dumps({"results": [{"title": MARKUP, "passages": [MARKUP]}]})
    )
    made = to_html(findings(told))
    assert not re.search(r"<(?:img|b|code|del|em|h1|table)\b", made)
    assert made.count("<strong>") == 1  # ours, around the title
    for leads_to, says in re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', made):
        assert leads_to == says  # an address may be one; no other words lead anywhere
    assert _words_of(made).count(MARKUP) == 2
    assert _words_of(to_html(as_words(f"# {MARKUP}"))) == f"# {MARKUP}"


def _words_of(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", page)).strip()
