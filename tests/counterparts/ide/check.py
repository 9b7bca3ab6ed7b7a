"""Clients that nobody here wrote, on our door: the official Inspector's CLI and the conformance suite.

    python -m tests.counterparts.ide.check NODE_MODULES

One JSON object on stdout; exit 1 where anything failed. Opt-in (`make test-ide`): it needs packages of Node.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from app.ide.http_door import create_app
from app.studio import utc_now
from memory.tokens import Asked
from tests.making import make_studio

SCENARIOS = (
    "server-initialize",
    "ping",
    "tools-list",
    "resources-list",
    "prompts-list",
    "completion-complete",
    "server-sse-multiple-streams",
    "dns-rebinding-protection",
)
"""Those that are about any server. Most others call what the suite's own test server has, and three ask for what this
server doesn't offer: log messages to the client, subscriptions, streams that are taken up again."""

INSPECTED = (
    ("tools/list",),
    ("resources/list",),
    ("resources/templates/list",),
    ("prompts/list",),
    ("resources/read", "--uri", "greenroom://voice"),
    ("prompts/get", "--prompt-name", "write_in_my_voice", "--prompt-args", "topic=fog"),
    ("tools/call", "--tool-name", "recall", "--tool-arg", "query=fog signal"),
    ("tools/call", "--tool-name", "check", "--tool-arg", "text=Hello", "channel=bluesky"),
)
TIMEOUT_S = 120


class WithToken:
    """The suite sends no token, so it comes through here; nothing else of a request is touched."""

    def __init__(self, app: ASGIApp, bearer: str) -> None:
        self._app = app
        self._header = (b"authorization", f"Bearer {bearer}".encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the token."""
        if scope["type"] == "http":
            scope = {**scope, "headers": [*scope["headers"], self._header]}
        await self._app(scope, receive, send)


@contextmanager
def door(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the address of our door over HTTP, and its home."""
    studio = make_studio(folder, utc_now)
    _, bearer = studio.memory.tokens.make(studio.workspace.id, Asked("conformance"), by="owner")
    app = WithToken(create_app(studio), bearer)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/mcp", studio.settings.home
    server.should_exit = True
    thread.join()
    studio.close()


def main(modules: Path) -> int:
    """Run everything; return the exit code."""
    node = next((str(each) for each in modules.glob("node-linux-*/bin/node")), "node")
    with TemporaryDirectory(prefix="greenroom-ide-") as name, door(Path(name)) as (url, home):
        told = {
            "conformance": {each: _conforms(node, modules, url, each, Path(name)) for each in SCENARIOS},
            "inspector": {" ".join(words): _inspected(node, modules, home, words) for words in INSPECTED},
        }
    print(json.dumps(told, indent=2))
    return int(not all(each["ok"] for part in told.values() for each in part.values()))


def _conforms(node: str, modules: Path, url: str, scenario: str, folder: Path) -> dict[str, Any]:
    program = modules / "@modelcontextprotocol/conformance/dist/index.js"
    done = _run([node, str(program), "server", "--url", url, "--scenario", scenario, "-o", str(folder / "results")])
    last = (done.stdout + done.stderr).strip().splitlines()[-12:]
    return {"ok": done.returncode == 0} | ({} if done.returncode == 0 else {"says": last})


def _inspected(node: str, modules: Path, home: Path, words: tuple[str, ...]) -> dict[str, Any]:
    program = modules / ".bin/mcp-inspector"
    ours = [sys.executable, "-c", "from app.cli import main; main()", "mcp", "--home", str(home)]
    done = _run([node, str(program), "--cli", *_config(home, ours), "--method", *words])
    try:
        answer = json.loads(done.stdout)
    except json.JSONDecodeError:
        return {"ok": False, "says": (done.stdout + done.stderr)[-600:]}
    structured = words[0] != "tools/call" or bool(answer.get("structuredContent"))
    return {"ok": done.returncode == 0 and not answer.get("isError") and structured, "keys": sorted(answer)}


def _config(home: Path, command: list[str]) -> list[str]:
    file = home.parent / "clients.json"
    told = {"command": command[0], "args": command[1:], "env": {"PYTHONPATH": str(Path.cwd()), "OMP_NUM_THREADS": "1"}}
    file.write_text(json.dumps({"mcpServers": {"greenroom": told}}))
    return ["--config", str(file), "--server", "greenroom"]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False, env=env)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
