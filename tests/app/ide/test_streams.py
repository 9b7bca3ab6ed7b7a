"""The door as an IDE meets it: a program on stdin and stdout, and a server on this machine."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import ClientSession, StdioServerParameters, types
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from app.founding import Wanted, found
from app.ide.http_door import create_app
from app.settings import Settings
from app.studio import Studio, utc_now
from core.proposals import Proposal
from memory.tokens import Asked
from tests.app.ide.clients import Person

pytestmark = pytest.mark.xdist_group("ide")

GREENROOM = ["-c", "from app.cli import main; main()"]
HERE = "http://127.0.0.1:8001"
HELLO: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "tests", "version": "1"},
    },
}
ACCEPT = {"accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a workspace and nothing in it."""
    home = tmp_path_factory.mktemp("streams") / "home"
    found(Settings(home=home), Wanted(name="Stage", timezone="Europe/Oslo", locale="en"), clock=utc_now)
    return home


async def test_over_stdio_nothing_but_messages_is_on_stdout(home: Path) -> None:
    env = {**os.environ, "GREENROOM_HOME": str(home)}
    program = StdioServerParameters(command=sys.executable, args=[*GREENROOM, "mcp"], env=env)
    with anyio.fail_after(60):
        async with stdio_client(program) as (read, write), ClientSession(read, write) as session:
            assert (await session.initialize()).serverInfo.name == "greenroom"
            await session.send_ping()
            assert [str(each.uri) for each in (await session.list_resources()).resources] == ["greenroom://voice"]


def test_a_line_that_is_no_message_ends_nothing(home: Path) -> None:
    env = {**os.environ, "GREENROOM_HOME": str(home)}
    lines = "no json\n" + '{"jsonrpc": "2.0"}\n' + json.dumps(HELLO) + "\n"
    done = subprocess.run(
        [sys.executable, *GREENROOM, "mcp"],
        input=lines,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [each["result"]["serverInfo"]["name"] for each in answers if each.get("id") == 1] == ["greenroom"]


HEAVY = ("torch", "langchain_core", "langgraph", "chromadb", "sqlalchemy", "onnxruntime", "fastapi", "chainlit")


def test_heavy_rooms_are_not_entered_to_say_hello() -> None:
    code = f"import sys, app.cli, app.ide.streams; print([each for each in {HEAVY} if each in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def token(studio: Studio) -> Iterator[str]:
    """A token of the owner's that may be asked."""
    made, bearer = studio.memory.tokens.make(studio.workspace.id, Asked("tests", decides="asked"), by="owner")
    yield bearer
    studio.memory.tokens.revoke(studio.workspace.id, made.id, by="owner")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer "}, 401),
        ({"authorization": "Bearer grt_wrong"}, 401),
        ({"authorization": "Basic {token}"}, 401),
        ({"authorization": "Bearer {token}x"}, 401),
        ({"authorization": "Bearer {token}", "host": "evil.example:8001"}, 421),
        ({"authorization": "Bearer {token}", "host": "127.0.0.1.evil.example"}, 421),
        ({"authorization": "Bearer {token}", "origin": "https://evil.example"}, 403),
        ({"authorization": "Bearer {token}", "origin": "http://localhost.evil.example"}, 403),
        ({"authorization": "Bearer {token}", "origin": "null"}, 403),
        ({"host": "evil.example"}, 421),
        ({"authorization": "Bearer {token}"}, 200),
        ({"authorization": "Bearer {token}", "origin": "http://localhost:6274"}, 200),
    ],
)
async def test_wrong_tokens_and_foreign_pages_are_refused(
    studio: Studio, token: str, headers: dict[str, str], status: int
) -> None:
    sent = {name: value.replace("{token}", token) for name, value in headers.items()}
    app = create_app(studio)
    async with app.router.lifespan_context(app), _http(app) as http:
        answer = await http.post("/mcp", json=HELLO, headers=ACCEPT | sent)
    assert answer.status_code == status
    assert token not in answer.text


def _http(app: Any, **more: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE, **more)


async def test_a_session_is_whose_it_is_and_ends_with_its_token(studio: Studio, token: str) -> None:
    other, bearer = studio.memory.tokens.make(studio.workspace.id, Asked("other"), by="owner")
    app = create_app(studio)
    async with app.router.lifespan_context(app), _http(app) as http:
        mine = {**ACCEPT, "authorization": f"Bearer {bearer}"}
        opened = await http.post("/mcp", json=HELLO, headers=mine)
        session = {"mcp-session-id": opened.headers["mcp-session-id"]}
        ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
        theirs = {**ACCEPT, "authorization": f"Bearer {token}"}
        assert (await http.post("/mcp", json=ping, headers=mine | session)).status_code == 200
        assert (await http.post("/mcp", json=ping, headers=theirs | session)).status_code == 404
        studio.memory.tokens.revoke(studio.workspace.id, other.id, by="owner")
        assert (await http.post("/mcp", json=ping, headers=mine | session)).status_code == 401


async def test_over_http_a_person_is_asked_and_decides(studio: Studio, token: str, draft: Proposal) -> None:
    """A real socket: the answer to a form comes while the call that asked for it is still open."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(create_app(studio), host="127.0.0.1", port=0, log_level="error"))
    person = Person(decision="hold", hash_begins="{sha}")
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve)
            while not server.started:
                await anyio.sleep(0.02)
            port = server.servers[0].sockets[0].getsockname()[1]
            http = httpx.AsyncClient(headers={"authorization": f"Bearer {token}"})
            async with (
                http,
                streamable_http_client(f"http://127.0.0.1:{port}/mcp", http_client=http) as (read, write, _),
                ClientSession(read, write, elicitation_callback=person) as session,
            ):
                await session.initialize()
                result = await session.call_tool("ask_for_decision", {"proposal_id": draft.id})
            server.should_exit = True
    assert isinstance(result, types.CallToolResult) and result.structuredContent
    assert (result.structuredContent["verb"], result.structuredContent["by"]) == ("hold", "owner")
    assert draft.sha in person.asked[0] and studio.show(draft.id).state == "held"
