"""`langgraph.json`: the three graphs, as LangGraph's own dev server opens them."""

import importlib
import json
import os
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.making import make_studio

ROOT = Path(__file__).parents[2]


def test_every_graph_that_is_named_opens(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    make_studio(tmp_path, clock, letters=False).close()
    monkeypatch.setenv("GREENROOM_HOME", str(tmp_path / "home"))
    named = json.loads((ROOT / "langgraph.json").read_text())["graphs"]
    opened = {}
    for name, where in named.items():
        file, factory = where.removeprefix("./").split(":")
        module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
        opened[name] = getattr(module, factory)().name
    assert opened == {"brief": "brief", "review": "review", "chat": "chat"}
    module._studio().close()
    module._studio.cache_clear()


def test_langgraphs_own_dev_server_opens_them(tmp_path: Path, clock: Clock, request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("--studio"):
        pytest.skip("opt-in: make test-studio")
    make_studio(tmp_path, clock, letters=False).close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "GREENROOM_HOME": str(tmp_path / "home")}
    command = [ROOT / ".venv-studio/bin/langgraph", "dev", "--no-browser", "--no-reload", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert _graphs(port) == {"brief", "review", "chat"}
    finally:
        server.terminate()
        server.wait(30)


def _graphs(port: int) -> set[str]:
    url = f"http://127.0.0.1:{port}/assistants/search"
    asked = urllib.request.Request(url, data=b"{}", headers={"content-type": "application/json"})
    until = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return {each["graph_id"] for each in json.load(answer)}
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(1)
