"""The SDK's own client on our server, in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mcp import ClientSession, types
from mcp.shared.memory import create_connected_server_and_client_session

from app.callers import Caller
from app.ide.server import build
from app.studio import Studio
from memory.tokens import Decides


class Person:
    """Answers forms as a test says, and keeps what was asked."""

    def __init__(self, action: str = "accept", **content: Any) -> None:
        self.action = action
        self.content = content
        self.asked: list[str] = []

    async def __call__(self, _context: Any, params: Any) -> types.ElicitResult:
        """Answer one form; `{sha}` in an answer is what the form says the hash begins with."""
        self.asked.append(params.message)
        begins = params.message.rsplit(" ", 1)[1][:6]
        told = {key: begins if value == "{sha}" else value for key, value in self.content.items()}
        return types.ElicitResult(action=self.action, content=told or None)  # type: ignore[arg-type]


@asynccontextmanager
async def client(
    studio: Studio, *, decides: Decides = "never", sees_private: bool = False, person: Person | None = None
) -> AsyncIterator[ClientSession]:
    """Yield a session with the door; without a person, the client has no forms."""
    caller = Caller(studio, decides, sees_private)
    info = types.Implementation(name="tests\u202e of ours", version="1")
    server = build(lambda _request: caller)
    async with create_connected_server_and_client_session(
        server, elicitation_callback=person, client_info=info
    ) as session:
        yield session


def text(result: types.CallToolResult) -> str:
    """Return what a tool said."""
    said = result.content[0]
    assert isinstance(said, types.TextContent)
    return said.text
