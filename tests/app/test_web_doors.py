"""The whole web, as `greenroom chat` serves it, under what nobody means well: paths, frames, halves of signs."""

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.app.chat_server import free_port, served
from tests.app.translating import post, small_studio
from tests.conftest import Clock

NOW = "2026-11-20T12:00:00Z"
HALF = "\ud83d"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("doors")


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    from datetime import UTC, datetime

    made = small_studio(home, Clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC)))
    post(made)
    made.close()
    with served(home / "home", free_port()) as found:
        yield found


def asked(address: str, method: str, path: str, content: str = "") -> httpx2.Response:
    headers = {"origin": address, "content-type": "application/json"}
    return httpx2.request(method, address + path, content=content, headers=headers, timeout=30)


@pytest.fixture
def socket(address: str) -> Iterator[ClientConnection]:
    where = f"{address.replace('http', 'ws')}/chat/ws/socket.io/?EIO=4&transport=websocket"
    with connect(where, origin=Origin(address), max_size=None) as made:
        made.recv(30)
        yield made


def begun(socket: ClientConnection) -> str:
    session = str(uuid.uuid4())
    socket.send("40" + json.dumps({"sessionId": session, "clientType": "webapp"}))
    socket.recv(30)
    socket.send('42["connection_successful"]')
    return session


def heard(socket: ClientConnection, words: str) -> Any:
    """Wait until the chat says something with these words."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        frame = str(socket.recv(60))
        if frame == "2":
            socket.send("3")
        elif words in frame:
            return json.loads(frame[2:])
    raise AssertionError(f"the chat did not say {words!r}")


def said(text: str) -> str:
    message = {"id": str(uuid.uuid4()), "name": "u", "type": "user_message", "output": text, "createdAt": NOW}
    return "42" + json.dumps(["client_message", {"message": message, "fileReferences": []}])


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("POST", "/chat/project/action", '{"sessionId": "\\ud800"}'),
        ("PUT", "/chat/feedback", '{"x": "\\ud800"}'),
        ("POST", "/chat/set-session-cookie", '{"session_id": "\\ud800"}'),
        ("POST", "/chat/project/action", '{"sessionId": "nobody", "action": {"name": "decide", "payload": {}}}'),
    ],
)
def test_what_the_chat_can_not_take_is_answered_in_words(address: str, method: str, path: str, content: str) -> None:
    answer = asked(address, method, path, content)
    assert answer.json()["done"] is False and "\ud800" not in answer.json()["said"]


def test_half_a_sign_in_the_chat_is_asked_for_once_more(address: str, socket: ClientConnection) -> None:
    session = begun(socket)
    heard(socket, "waits for you")
    socket.send(said(f"Qw{HALF}ertz"))
    heard(socket, "plain requests")  # what it says to whatever it does not understand: nothing broke
    for name in ("decide", "undo", "document", "rule"):
        action = {"name": name, "payload": {"id": HALF, "verb": "approve", "sha": "x", "note": HALF}, "id": "1"}
        body = json.dumps({"sessionId": session, "action": {**action, "label": "", "tooltip": "", "forId": ""}})
        answer = asked(address, "POST", "/chat/project/action", body).json()["response"]
        assert answer["done"] is False and "came in half" in answer["said"]
