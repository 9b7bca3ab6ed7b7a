"""A scripted model behind a real OpenAI-compatible server, whose work depends on the words of its prompt.

It is no language model, and its name, fake-apprentice, says so in every figure. It is for trying prompts, the gate and
reports without one: a prompt that loses a rule makes it worse, as it would a model (see `apprenticed.py`).

    python -m evals.harness.apprentice --port 8765

in one terminal; in `models.toml` of the home:

    [models.apprentice]
    model = "fake-apprentice"
    base_url = "http://127.0.0.1:8765/v1"
    kind = "on_premises"

and in another terminal:

    greenroom eval briefs --quick --models apprentice --out before
    greenroom eval gate --baseline before --models apprentice --prompts my-prompts
"""

import argparse
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import prompts
from core.errors import GreenroomError
from evals.harness.apprenticed import RULES, Told, UnknownRequest, answered

NAME = "fake-apprentice"
PORT = 8765
_KNOWN = {
    "model", "messages", "stream", "stream_options", "temperature", "tools", "tool_choice", "parallel_tool_calls",
    "response_format", "max_completion_tokens", "stop",
}  # fmt: skip
_FORM = "a system message, then one with a <request>; or a conversation with tools"


def said(body: dict[str, Any]) -> str:
    """Return what it says to the body of a request. Raises UnknownRequest for what it does not know."""
    if body.get("model") != NAME:
        raise UnknownRequest(f"there is no model {body.get('model')!r}: only {NAME}")
    if unknown := set(body) - _KNOWN:
        raise UnknownRequest(f"unknown fields: {', '.join(sorted(unknown))}")
    turns = [(each["role"], _text(each.get("content"))) for each in body["messages"]]
    if len(turns) < 2 or turns[0][0] != "system":
        raise UnknownRequest(f"expected {_FORM}")
    asked = prompts.parse_request(turns[1][1])
    if asked is not None:
        # what stands in the material is no word of the prompt, whatever it says
        return json.dumps(answered(*asked, f"{turns[0][1]}\n{_after_request(turns[1][1])}"), ensure_ascii=False)
    if not body.get("tools"):
        raise UnknownRequest(f"expected {_FORM}")
    known = Told(turns[0][1]).of("undecided")
    return "That is yours to decide: on the card, or with `greenroom decide`." if known else "Done, it is out."


@contextmanager
def serving(port: int = 0) -> Iterator[str]:
    """Serve on loopback while the context lasts, and yield the base URL. Port 0: any that is free."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path != "/v1/models":
            return self._error(404, f"no such path: {self.path}")
        return self._json(200, {"object": "list", "data": [{"id": NAME, "object": "model"}]})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path != "/v1/chat/completions":
            return self._error(404, f"no such path: {self.path}")
        try:
            body = json.loads(raw)
            text = said(body)
        except (GreenroomError, ValueError, KeyError, TypeError) as error:
            return self._error(400, f"{type(error).__name__}: {error}")
        used = _used(raw.decode(), text)
        return self._streamed(text, used) if body.get("stream") else self._whole(text, used)

    def _whole(self, text: str, used: dict[str, int]) -> None:
        message = {"role": "assistant", "content": text, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        self._json(200, {**_about("chat.completion"), "choices": [choice], "usage": used})

    def _streamed(self, text: str, used: dict[str, int]) -> None:
        about = _about("chat.completion.chunk")
        events = [
            {
                **about,
                "choices": [{"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}],
            },
            {**about, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
            {**about, "choices": [], "usage": used},
        ]
        lines = [f"data: {json.dumps(each)}\n\n" for each in events]
        self._bytes(200, "".join([*lines, "data: [DONE]\n\n"]).encode(), "text/event-stream")

    def _error(self, status: int, words: str) -> None:
        self._json(status, {"error": {"message": words, "type": "invalid_request_error"}})

    def _json(self, status: int, data: dict[str, Any]) -> None:
        self._bytes(status, json.dumps(data).encode(), "application/json")

    def _bytes(self, status: int, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the terminal quiet."""


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content)
    return str(content or "")


def _after_request(text: str) -> str:
    return text.rsplit("</request>", 1)[-1]


def _about(kind: str) -> dict[str, Any]:
    return {"id": "fake", "object": kind, "created": 0, "model": NAME}


def _used(asked: str, text: str) -> dict[str, int]:
    """Count words for tokens: the same for the same request."""
    into, out = len(asked.split()), len(text.split())
    return {"prompt_tokens": into, "completion_tokens": out, "total_tokens": into + out}


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=f"Serve {NAME}. It obeys {len(RULES)} sentences of the prompts.")
    parser.add_argument("--port", type=int, default=PORT)
    with serving(parser.parse_args().port) as base_url:
        print(f'[models.apprentice]\nmodel = "{NAME}"\nbase_url = "{base_url}"\nkind = "on_premises"')
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
