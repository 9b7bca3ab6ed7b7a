"""A small strict fake of an OpenAI-compatible server, on loopback: it answers what was scripted and keeps a journal.

It checks what a real server would check: the path, the key, known fields, messages in a valid order, tool results that
answer a call. A request that it was not scripted for is an error of the test, or of the benchmark.
"""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KNOWN = {
    "model", "messages", "stream", "stream_options", "temperature", "tools", "tool_choice", "response_format",
    "parallel_tool_calls", "stop", "n", "max_tokens", "max_completion_tokens",
}  # fmt: skip


DRAWN = {"model", "prompt", "n", "size", "response_format", "quality", "background", "output_format", "user"}
"""What the images API takes."""


@dataclass
class Say:
    """One scripted answer. `cut_after` sends that many pieces of a stream (or bytes of a body), then drops the line."""

    text: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    status: int = 200
    error: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    cut_after: int | None = None
    finish: str | None = None
    refusal: str | None = None
    usage: bool = True
    tokens: tuple[int, int] = (120, 30)  # of the prompt and of the answer, as the server counts them
    delay_s: float = 0.0
    done: bool = True  # whether a stream ends with its finish reason and [DONE]
    picture: bytes | None = None  # what the images API answers with; `text` is what it says it drew
    address: str = ""  # an address instead of the picture


class OpenAIServer:
    """The server: `script` what it says next, read `journal` for what it was asked."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.journal: list[dict[str, Any]] = []
        self._script: list[Say] = []
        self._lock = threading.Lock()
        self.base_url = ""
        self.rejects: dict[str, str] = {}  # a request field it answers with 400, and the words it says

    def script(self, *answers: Say) -> None:
        """Say these next, in order."""
        self._script.extend(answers)

    @property
    def left(self) -> int:
        """How many scripted answers nobody asked for."""
        return len(self._script)

    def next(self, body: dict[str, Any]) -> Say:
        """Note a request and return what to say to it."""
        with self._lock:
            self.journal.append(body)
            for name, words in self.rejects.items():
                if name in body:
                    return Say(status=400, error=words)
            problem = _drawing_problem(body) if "prompt" in body else _problem(body)
        return Say(status=400, error=problem) if problem else self.says(body)

    def says(self, body: dict[str, Any]) -> Say:
        """Return what to say to a sound request: the next answer of the script; a subclass may work one out."""
        with self._lock:
            return self._script.pop(0) if self._script else Say(status=418, error="the test scripted no answer")


def _problem(body: dict[str, Any]) -> str:
    unknown = set(body) - KNOWN
    if unknown:
        return f"unknown fields: {sorted(unknown)}"
    waiting: set[str] = set()
    for message in body["messages"]:
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                return "a tool result answers no call"
            waiting.discard(message["tool_call_id"])
        elif waiting:
            return "tool calls were not answered"
        waiting |= {call["id"] for call in message.get("tool_calls") or []}
    form = body.get("response_format")
    if form and form["type"] == "json_schema" and not _is_strict(form["json_schema"]["schema"]):
        return "Invalid schema for response_format: every object needs additionalProperties false and all its fields"
    return ""


def _drawing_problem(body: dict[str, Any]) -> str:
    unknown = set(body) - DRAWN
    if unknown:
        return f"Unknown parameter: {sorted(unknown)[0]}"
    return "" if body.get("n", 1) == 1 and body["prompt"].strip() else "Invalid value"


def _is_strict(schema: Any) -> bool:
    if isinstance(schema, list):
        return all(map(_is_strict, schema))
    if not isinstance(schema, dict):
        return True
    if "properties" in schema and not (
        schema.get("additionalProperties") is False and set(schema.get("required", [])) == set(schema["properties"])
    ):
        return False
    return "default" not in schema and all(_is_strict(value) for value in schema.values())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a piece of a stream goes out at once, as real servers send it
    fake: OpenAIServer

    def do_POST(self) -> None:
        """Answer one request."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path not in ("/v1/chat/completions", "/v1/images/generations"):
            return self._json(404, {"error": {"message": f"no such path: {self.path}"}}, {})
        if self.headers.get("Authorization") != f"Bearer {self.fake.key}":
            sent = self.headers.get("Authorization", "")
            return self._json(401, {"error": {"message": f"Incorrect API key provided: {sent}"}}, {})
        say = self.fake.next(body)
        time.sleep(say.delay_s)
        if say.status != 200:
            return self._json(say.status, {"error": {"message": say.error, "type": "error"}}, say.headers)
        if say.raw is not None:
            return self._bytes(200, say.raw, say.headers)
        if self.path == "/v1/images/generations":
            return self._drawn(say)
        return self._stream(say, body) if body.get("stream") else self._whole(say)

    def _whole(self, say: Say) -> None:
        message: dict[str, Any] = {"role": "assistant", "content": say.text, "refusal": say.refusal}
        if say.calls:
            message["tool_calls"] = [_call(place, *call) for place, call in enumerate(say.calls)]
        choice = {"index": 0, "message": message, "finish_reason": _finish(say)}
        answer = {"id": "c1", "object": "chat.completion", "created": 1, "model": "fake-1", "choices": [choice]}
        data = json.dumps({**answer, **({"usage": _used(say)} if say.usage else {})}).encode()
        if say.cut_after is not None:
            self._start(200, {"Content-Length": str(len(data)), "Content-Type": "application/json"})
            self.wfile.write(data[: say.cut_after])
            self.close_connection = True
            return
        self._bytes(200, data, say.headers)

    def _drawn(self, say: Say) -> None:
        drawn = {"url": say.address} if say.address else {"b64_json": base64.b64encode(say.picture or b"").decode()}
        answer = {"created": 1, "data": [{**drawn, **({"revised_prompt": say.text} if say.text else {})}]}
        used = {"input_tokens": 12, "output_tokens": 1056, "total_tokens": 1068} if say.usage else None
        self._json(200, {**answer, **({"usage": used} if used else {})}, say.headers)

    def _stream(self, say: Say, body: dict[str, Any]) -> None:
        self._start(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
        pieces = [*_deltas(say)]
        for delta in pieces[: say.cut_after]:
            self._event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        if say.cut_after is not None:
            self.close_connection = True  # no last chunk: the client sees a broken body
            return
        if say.done:
            self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": _finish(say)}]})
            if say.usage and (body.get("stream_options") or {}).get("include_usage"):
                self._event({"choices": [], "usage": _used(say)})
            self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _event(self, data: dict[str, Any]) -> None:
        whole = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "fake-1", **data}
        self._chunk(b"data: " + json.dumps(whole).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _json(self, status: int, data: dict[str, Any], headers: dict[str, str]) -> None:
        self._bytes(status, json.dumps(data).encode(), headers)

    def _bytes(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self._start(status, {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers})
        self.wfile.write(data)

    def _start(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test's output quiet."""


def _used(say: Say) -> dict[str, int]:
    asked, answered = say.tokens
    return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}


def _finish(say: Say) -> str:
    return say.finish or ("tool_calls" if say.calls else "stop")


def _call(place: int, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"id": f"call_{place}", "type": "function", "function": function}


def _deltas(say: Say) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": ""}
    for word in say.text.split(" ") if say.text else []:
        yield {"content": word + " "}
    for place, (name, arguments) in enumerate(say.calls):
        whole = json.dumps(arguments)
        half = len(whole) // 2
        function = {"name": name, "arguments": whole[:half]}
        yield {"tool_calls": [{"index": place, "id": f"call_{place}", "type": "function", "function": function}]}
        yield {"tool_calls": [{"index": place, "function": {"arguments": whole[half:]}}]}


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # a brief's drafts are all asked for at once

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about clients that hung up: some tests make them."""


@contextmanager
def openai_server(
    key: str = "sk-test-7d1f0c2b9a4e", make: Callable[[str], OpenAIServer] = OpenAIServer
) -> Iterator[OpenAIServer]:
    """Run the server on a free loopback port while the context lasts; `make` takes the key that it insists on."""
    fake = make(key)
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = _Server(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    fake.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
