"""How soon the Slack door acknowledges, while Slack's own API is slow: the real app over signed HTTP requests.

Slack waits three seconds, then sends again. The server that stands for Slack here is ours and scripted: it answers
every call late, and keeps nothing.
"""

import asyncio
import hashlib
import hmac
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from app.founding import Wanted, found
from app.settings import Settings
from app.studio import Studio

LIMIT_S = 3.0
_TEAM, _USER, _SIGNING = "T0BENCH", "U0BENCH", "a-signing-secret-of-nobody"
_ANSWER = {
    "ok": True,
    "team_id": _TEAM,
    "user_id": "U0BOT",
    "bot_id": "B0",
    "channel": "D0",
    "ts": "1.1",
    "view": {"id": "V"},
}
_AT_ONCE = 8


def run(requests: int, slow_s: float, tell: Callable[[str, int, int], None]) -> dict[str, Any]:
    """Return how long each kind of request took to be acknowledged, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder, _slow_slack(slow_s) as api:
        studio = _studio(Path(folder), api)
        try:
            took = asyncio.run(_measure(studio, requests, tell))
        finally:
            studio.close()
    kinds = {kind: _figures(times) for kind, times in took.items()}
    worst = max(time_ for times in took.values() for time_ in times)
    return {
        "requests": requests, "at_once": _AT_ONCE, "slack_answers_after_s": slow_s,
        "acknowledged_ms": kinds, "worst_ms": round(worst * 1000, 1), "limit_ms": LIMIT_S * 1000,
        "kept": worst < LIMIT_S,
    }  # fmt: skip


async def _measure(studio: Studio, requests: int, tell: Callable[[str, int, int], None]) -> dict[str, list[float]]:
    from httpx2 import ASGITransport, AsyncClient

    from app.slack_door.door import open_door
    from app.slack_door.running import PATH, http_app

    door = await open_door(studio)
    took: dict[str, list[float]] = {}
    busy = asyncio.Semaphore(_AT_ONCE)
    async with AsyncClient(transport=ASGITransport(http_app(door)), base_url="http://slack.invalid") as client:

        async def send(kind: str, number: int) -> float:
            body, form = _request(kind, number)
            async with busy:
                begun = time.perf_counter()
                answer = await client.post(PATH, content=body, headers=_signed(body, form))
                answer.raise_for_status()
                return time.perf_counter() - begun

        for kind in ("event", "command", "button", "form"):
            took[kind] = list(await asyncio.gather(*(send(kind, number) for number in range(requests))))
            tell(kind, requests, requests)
    behind = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
    for each in behind:
        each.cancel()
    await asyncio.gather(*behind, return_exceptions=True)
    if door.client.session is not None:
        await door.client.session.close()
    return took


def _request(kind: str, number: int) -> tuple[str, bool]:
    """Return a request's body, and whether it is a form."""
    who = {"team": {"id": _TEAM}, "user": {"id": _USER, "team_id": _TEAM}, "trigger_id": f"t{kind}{number}"}
    if kind == "event":
        said = {
            "type": "message",
            "channel_type": "im",
            "channel": "D0",
            "user": _USER,
            "ts": f"{number}.1",
            "text": "help",
        }
        return json.dumps({"type": "event_callback", "team_id": _TEAM, "event_id": f"E{number}", "event": said}), False
    if kind == "command":
        told = {"command": "/greenroom", "text": "pending", "user_id": _USER, "team_id": _TEAM, "channel_id": "C0"}
        return urlencode(told | {"trigger_id": f"c{number}", "response_url": "http://127.0.0.1:9/"}), True
    if kind == "button":
        value = json.dumps({"id": f"p_{number}", "sha": "0" * 64})
        action = {
            "type": "button",
            "action_id": "greenroom_approve",
            "block_id": "b",
            "value": value,
            "action_ts": f"{number}.2",
        }
        place = {"type": "message", "message_ts": "1.1", "channel_id": "D0"}
        return urlencode(
            {"payload": json.dumps(who | {"type": "block_actions", "container": place, "actions": [action]})}
        ), True
    kept = json.dumps({"id": f"p_{number}", "sha": "0" * 64, "channel": "D0", "ts": "1.1", "thread": ""})
    values = {"note": {"note": {"type": "plain_text_input", "value": "Shorter."}}}
    view: dict[str, Any] = {
        "id": f"V{number}",
        "hash": "h",
        "callback_id": "greenroom_changes",
        "private_metadata": kept,
    }
    view |= {"type": "modal", "state": {"values": values}}
    return urlencode({"payload": json.dumps(who | {"type": "view_submission", "view": view})}), True


def _signed(body: str, form: bool) -> dict[str, str]:
    stamp = str(int(time.time()))
    digest = hmac.new(_SIGNING.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}", "Content-Type": kind}


def _studio(folder: Path, api: str) -> Studio:
    """Return an empty workspace whose owner is linked to somebody in Slack."""
    from app.slack_door.people import issuer

    secrets = {"slack_bot_token": "xoxb-bench", "slack_signing_secret": _SIGNING, "slack_api_url": api}
    settings = Settings(home=folder / "home", user="Ines", **secrets)  # type: ignore[arg-type]  # pydantic reads them
    found(settings, Wanted(name="Bench", timezone="UTC", locale="en"))
    studio = Studio.open(settings)
    space, secret = studio.workspace.id, "a secret of the bench"
    studio.memory.members.set_secret(space, "Ines", secret, by="Ines")
    studio.memory.identities.link(space, "Ines", issuer(_TEAM), _USER, by="Ines", secret=secret)
    return studio


def _figures(times: list[float]) -> dict[str, float]:
    in_order = sorted(each * 1000 for each in times)
    p95 = in_order[min(len(in_order) - 1, round(len(in_order) * 0.95))]
    return {"median": round(statistics.median(in_order), 1), "p95": round(p95, 1), "worst": round(in_order[-1], 1)}


@contextmanager
def _slow_slack(slow_s: float) -> Iterator[str]:
    """Serve the scripted Slack; yield its address. Who we are is answered at once: that is asked before it starts."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if not self.path.endswith("/auth.test"):
                time.sleep(slow_s)
            raw = json.dumps(_ANSWER).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        server.server_close()
