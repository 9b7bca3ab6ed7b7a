"""A fake Slack, ours: the real one belongs to somebody else and can't run here.

Taken from Slack's reference (docs.slack.dev): errors are answered 200 with `ok: false`; a bot token is `xoxb-`, an
app token `xapp-`, and each opens its own methods; Block Kit's limits (slack_blocks.py); `views.open` needs a trigger
that is at most three seconds old and not used; `chat.update` and `chat.delete` need a message of ours; requests are
signed with `v0=` HMAC-SHA256 of `v0:timestamp:body`; what is not acknowledged in three seconds is sent again, with a
retry number; a response_url works five times; a file is looked over for a moment after it is complete, and no image
block shows it before; a file that was put in no channel is seen by us alone until a message is posted that shows it,
and one that is changed to show it doesn't count (slackapi/java-slack-sdk#1441).
Ours: only the methods that Greenroom calls.
"""

import hashlib
import hmac
import itertools
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from tests.fakes.http_fake import NO_BODY, Answer, Call, FakeServer, Refused
from tests.fakes.slack_blocks import check_blocks, check_view

BOT, APP, SIGNING = "xoxb-fake-bot", "xapp-fake-app", "8f742231b10e8888abcd99yyyzzz85a5"
TEAM, BOT_USER, BOT_ID, CHANNEL = "T0FAKE", "U0BOT", "B0BOT", "C0TEAM"
TRIGGER_S = 3.0
USES = 5
LOOKED_OVER_S = 0.8

_APP_METHODS = ("apps.connections.open",)


class FakeSlack(FakeServer):
    """`api` is where the Web API is. `messages` holds what lies there, by (channel, ts)."""

    routes = (
        ("POST", r"/api/([A-Za-z0-9.]+)", "method"),
        ("POST", r"/upload/(F[0-9A-Z]+)", "upload"),
        ("POST", r"/response/([0-9a-z]+)", "respond"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[tuple[str, str], dict[str, Any]] = {}
        self.whispers: list[dict[str, Any]] = []
        self.responses: list[dict[str, Any]] = []
        self.views: dict[str, dict[str, Any]] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.members_of = {CHANNEL}
        self.wss_url = ""
        self._numbers = itertools.count(1)
        self._triggers: dict[str, float] = {}
        self._urls: dict[str, int] = {}

    @property
    def api(self) -> str:
        """The Web API's address."""
        return f"{self.base_url}/api"

    # what people see

    def cards(self, channel: str | None = None) -> list[dict[str, Any]]:
        """The messages that have buttons or had: those with a header, oldest first."""
        with self._lock:
            found = [each for key, each in sorted(self.messages.items()) if channel in (None, key[0])]
        return [each for each in found if any(block["type"] == "header" for block in each.get("blocks", []))]

    def words(self) -> str:
        """Everything that was ever said to somebody, as text."""
        with self._lock:
            return json.dumps([*self.messages.values(), *self.whispers, *self.responses], ensure_ascii=False)

    def trigger(self) -> str:
        """A trigger as an interaction brings one."""
        with self._lock:
            made = f"trigger-{next(self._numbers)}"
            self._triggers[made] = time.monotonic()
            return made

    def response_url(self) -> str:
        """An address for answers to an interaction."""
        with self._lock:
            key = f"r{next(self._numbers)}"
            self._urls[key] = USES
            return f"{self.base_url}/response/{key}"

    # the Web API

    def method(self, call: Call, name: str) -> Answer:
        """Answer one method, as Slack does: always 200, and `ok` says the rest."""
        token = call.bearer or call.field("token")
        if token != (APP if name in _APP_METHODS else BOT):
            raise Refused(200, {"ok": False, "error": "invalid_auth" if token else "not_authed"})
        handler = getattr(self, "_" + name.replace(".", "_"), None)
        if handler is None:
            raise Refused(200, {"ok": False, "error": "unknown_method"})
        return Answer(200, {"ok": True} | handler(_arguments(call)))

    def _auth_test(self, _given: dict[str, Any]) -> dict[str, Any]:
        return {"url": self.base_url, "team": "Fake", "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID}

    def _apps_connections_open(self, _given: dict[str, Any]) -> dict[str, Any]:
        return {"url": self.wss_url}

    def _chat_postMessage(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._room(given)
        parent = self.messages.get((channel, given.get("thread_ts") or ""))
        if given.get("thread_ts") and (parent is None or parent.get("thread_ts")):  # ours: a reply begins no thread
            raise Refused(200, {"ok": False, "error": "thread_not_found"})
        ts = f"{int(time.time())}.{next(self._numbers):06d}"
        self.messages[channel, ts] = self._message(given) | {"channel": channel, "ts": ts}
        for file_id in shown_in(self.messages[channel, ts]):
            self.files[file_id]["channel"] = self.files[file_id]["channel"] or channel
        return {"channel": channel, "ts": ts, "message": self.messages[channel, ts]}

    def _chat_update(self, given: dict[str, Any]) -> dict[str, Any]:
        key = (given.get("channel", ""), given.get("ts", ""))
        if key not in self.messages:
            raise Refused(200, {"ok": False, "error": "message_not_found"})
        if self.messages[key].get("user"):
            raise Refused(200, {"ok": False, "error": "cant_update_message"})
        new = {
            part: value for part, value in self._message(given).items() if part != "thread_ts"
        }  # it stays where it lies
        self.messages[key] = self.messages[key] | new  # who looked before keeps what they saw
        return {"channel": key[0], "ts": key[1]}

    def _chat_delete(self, given: dict[str, Any]) -> dict[str, Any]:
        if self.messages.pop((given.get("channel", ""), given.get("ts", "")), None) is None:
            raise Refused(200, {"ok": False, "error": "message_not_found"})
        return {}

    def _chat_postEphemeral(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._room(given)
        if channel.startswith("D"):
            raise Refused(200, {"ok": False, "error": "user_not_in_channel"})
        self.whispers.append(self._message(given) | {"channel": channel, "to": given["user"]})
        return {"message_ts": "1.1"}

    def _views_open(self, given: dict[str, Any]) -> dict[str, Any]:
        made = self._triggers.pop(given.get("trigger_id", ""), None)
        if made is None:
            raise Refused(200, {"ok": False, "error": "invalid_trigger_id"})
        if time.monotonic() - made > TRIGGER_S:
            raise Refused(200, {"ok": False, "error": "expired_trigger_id"})
        return {"view": self._keep(f"V{next(self._numbers)}", given)}

    def _views_update(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("view_id") not in self.views:
            raise Refused(200, {"ok": False, "error": "not_found"})
        return {"view": self._keep(given["view_id"], given)}

    def _views_publish(self, given: dict[str, Any]) -> dict[str, Any]:
        self.homes[given["user_id"]] = check_view(given.get("view"))
        return {"view": {"id": "VHOME"}}

    def _files_getUploadURLExternal(self, given: dict[str, Any]) -> dict[str, Any]:
        if len(given.get("alt_txt", "")) > 1000:
            raise Refused(200, {"ok": False, "error": "alt_txt_too_large"})
        file_id = f"F0FAKE{next(self._numbers):06d}"
        alt = given.get("alt_txt", "")
        self.files[file_id] = {"name": given["filename"], "length": int(given["length"]), "data": None, "alt": alt}
        return {"upload_url": f"{self.base_url}/upload/{file_id}", "file_id": file_id}

    def _files_completeUploadExternal(self, given: dict[str, Any]) -> dict[str, Any]:
        done = json.loads(given["files"]) if isinstance(given["files"], str) else given["files"]
        for each in done:
            if self.files.get(each["id"], {}).get("data") is None:
                raise Refused(200, {"ok": False, "error": "file_not_found"})
            where = {"channel": given.get("channel_id"), "thread": given.get("thread_ts"), "at": time.monotonic()}
            self.files[each["id"]] |= {"title": each.get("title")} | where
        return {"files": [{"id": each["id"], "title": each.get("title")} for each in done]}

    def _files_delete(self, given: dict[str, Any]) -> dict[str, Any]:
        if self.files.pop(given["file"], None) is None:
            raise Refused(200, {"ok": False, "error": "file_not_found"})
        return {}

    def upload(self, call: Call, file_id: str) -> Answer:
        """Take a file's bytes."""
        if len(call.body) != self.files[file_id]["length"]:
            raise Refused(400, b"wrong length")
        self.files[file_id]["data"] = call.body
        return Answer(200, b"OK", {"Content-Type": "text/plain"})

    def respond(self, call: Call, key: str) -> Answer:
        """Take an answer to an interaction."""
        if self._urls.get(key, 0) <= 0:
            raise Refused(404, b"used_url")
        self._urls[key] -= 1
        if call.json is NO_BODY:
            raise Refused(400, b"no_json")
        self.responses.append(dict(call.json))
        return Answer(200, b"ok")

    def unseen(self) -> list[str]:
        """Files that a message names, and that nobody but us sees there: people get an empty frame."""
        with self._lock:
            named = [(each, at[0]) for at, message in self.messages.items() for each in shown_in(message)]
            return [each for each, channel in named if self.files.get(each, {}).get("channel") != channel]

    def _message(self, given: dict[str, Any]) -> dict[str, Any]:
        blocks = given.get("blocks")
        blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
        if not given.get("text") and not blocks:
            raise Refused(200, {"ok": False, "error": "no_text"})
        if len(given.get("text") or "") > 40_000:
            raise Refused(200, {"ok": False, "error": "msg_too_long"})
        if blocks is not None:
            ready = time.monotonic() - LOOKED_OVER_S
            known = {key: each["name"] for key, each in self.files.items() if each.get("at", ready + 1) <= ready}
            check_blocks(blocks, files=known)
        return {"text": given.get("text"), "blocks": blocks or [], "thread_ts": given.get("thread_ts")}

    def _room(self, given: dict[str, Any]) -> str:
        """Return the conversation; a person's id opens their direct messages."""
        channel = str(given.get("channel", ""))
        if channel.startswith("U"):
            return f"D{channel[1:]}"
        if channel not in self.members_of and not channel.startswith("D"):
            raise Refused(200, {"ok": False, "error": "not_in_channel" if channel else "channel_not_found"})
        return channel

    def _keep(self, view_id: str, given: dict[str, Any]) -> dict[str, Any]:
        view = check_view(given.get("view")) | {"id": view_id, "hash": f"h{next(self._numbers)}"}
        self.views[view_id] = view
        return view


def _arguments(call: Call) -> dict[str, Any]:
    """Return a method's arguments: as JSON, as a form, or in the address, where the SDK puts those of files."""
    if isinstance(call.json, dict):
        return call.json
    return {name: values[0] for name, values in (call.query | call.form).items()}


def shown_in(message: dict[str, Any]) -> list[str]:
    """Return the files whose pictures a message shows."""
    return [each["slack_file"]["id"] for each in message.get("blocks", []) if each.get("slack_file")]


# what Slack sends


def sign(body: str, secret: str = SIGNING, at: float | None = None) -> dict[str, str]:
    """Return the headers of a request of Slack's."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def deliver(url: str, body: str, headers: dict[str, str], kind: str) -> tuple[int, str, float]:
    """Send one request of Slack's; return (status, answer, seconds)."""
    request = urllib.request.Request(url, body.encode(), headers | {"Content-Type": kind})
    begun = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode(), time.perf_counter() - begun
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), time.perf_counter() - begun


class Person:
    """Somebody in Slack, at the fake's window. `url`: where the app takes requests."""

    def __init__(self, slack: FakeSlack, url: str, user: str, team: str = TEAM) -> None:
        self.slack, self.url, self.user, self.team = slack, url, user, team
        self.took: list[float] = []

    def send(self, payload: dict[str, Any], **headers: str) -> str:
        """Deliver an interaction, signed; it has to be taken."""
        body = urllib.parse.urlencode({"payload": json.dumps(payload)})
        return self._taken(body, "application/x-www-form-urlencoded", headers)

    def tell(self, event: dict[str, Any], event_id: str, **headers: str) -> str:
        """Deliver an event."""
        body = json.dumps(event_of(event, event_id, self.team))
        return self._taken(body, "application/json", headers)

    def command(self, text: str, channel: str = CHANNEL) -> str:
        """Write `/greenroom …`."""
        form = {
            "command": "/greenroom", "text": text, "user_id": self.user, "team_id": self.team, "channel_id": channel,
            "trigger_id": self.slack.trigger(), "response_url": self.slack.response_url(),
        }  # fmt: skip
        return self._taken(urllib.parse.urlencode(form), "application/x-www-form-urlencoded", {})

    def press(self, message: dict[str, Any], verb: str, **changed: str) -> dict[str, Any]:
        """Press a card's button; return what was sent."""
        payload = pressed(self.slack, message, verb, self.user, self.team, **changed)
        self.send(payload)
        return payload

    def submit(self, view_id: str, values: dict[str, str]) -> str:
        """Submit an open form: what was not typed is what stands there."""
        return self.send(submitted(self.slack.views[view_id], values, self.user, self.team))

    def _taken(self, body: str, kind: str, headers: dict[str, str]) -> str:
        status, answer, seconds = deliver(self.url, body, sign(body) | headers, kind)
        self.took.append(seconds)
        assert status == 200, (status, answer)
        return answer


def event_of(event: dict[str, Any], event_id: str, team: str = TEAM) -> dict[str, Any]:
    """Return an event in its envelope."""
    return {
        "type": "event_callback", "team_id": team, "api_app_id": "A0FAKE", "event": event, "event_id": event_id,
        "event_time": int(time.time()), "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
    }  # fmt: skip


def pressed(
    slack: FakeSlack, message: dict[str, Any], verb: str, user: str, team: str = TEAM, **changed: str
) -> dict[str, Any]:
    """Return what Slack sends when a button is pressed."""
    rows = [each for block in message["blocks"] if block["type"] == "actions" for each in block["elements"]]
    found = next(each for each in rows if each["action_id"] == f"greenroom_{verb}")
    action = found | {"type": "button", "action_ts": f"{time.time():.6f}"} | changed
    container = {"type": "message", "message_ts": message["ts"], "channel_id": message["channel"]}
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    return {
        "type": "block_actions", "team": {"id": TEAM}, "user": {"id": user, "team_id": team}, "api_app_id": "A0FAKE",
        "container": container, "channel": {"id": message["channel"]}, "message": message, "actions": [action],
        "trigger_id": slack.trigger(), "response_url": slack.response_url(),
    }  # fmt: skip


def submitted(view: dict[str, Any], values: dict[str, str], user: str, team: str = TEAM) -> dict[str, Any]:
    """Return what Slack sends when a form is submitted."""
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            action = block["element"]["action_id"]
            typed = values.get(block["block_id"], block["element"].get("initial_value"))
            state.setdefault(block["block_id"], {})[action] = {"type": "plain_text_input", "value": typed}
    return {
        "type": "view_submission", "team": {"id": TEAM}, "user": {"id": user, "team_id": team}, "api_app_id": "A0FAKE",
        "view": view | {"state": {"values": state}}, "trigger_id": "t",
    }  # fmt: skip


def wait_for(holds: Any, seconds: float = 8.0) -> float:
    """Wait until something holds; return how many seconds it took. Fails where it never does."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        if holds():
            return time.perf_counter() - begun
        time.sleep(0.02)
    raise AssertionError("it never came")


class FakeSocket:
    """Socket Mode's other end: a websocket that sends envelopes and notes what was acknowledged, and when."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.acknowledged: dict[str, float] = {}
        self._sent: dict[str, float] = {}
        self._sockets: list[Any] = []
        self._ready = threading.Event()

    def __enter__(self) -> "FakeSocket":
        from websockets.sync.server import serve

        self._server = serve(self._connected, "127.0.0.1", 0)
        self.slack.wss_url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/link"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()

    def send(self, kind: str, payload: dict[str, Any], envelope: str) -> None:
        """Send an envelope once somebody listens."""
        assert self._ready.wait(10)
        self._sent[envelope] = time.perf_counter()
        told = {
            "type": kind,
            "envelope_id": envelope,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        self._sockets[-1].send(json.dumps(told))

    def _connected(self, socket: Any) -> None:
        socket.send(json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0FAKE"}}))
        self._sockets.append(socket)
        self._ready.set()
        for raw in socket:
            told = json.loads(raw)
            if "envelope_id" in told:
                self.acknowledged[told["envelope_id"]] = time.perf_counter() - self._sent[told["envelope_id"]]
