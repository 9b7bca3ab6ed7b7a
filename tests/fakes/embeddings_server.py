"""A small strict OpenAI-compatible embeddings server on loopback, named a fake: its vectors are hashes of words.

It checks what a real server checks (path, key, model, known fields, no empty text, a limit to the batch) and fails as
it is told: statuses in order, a short answer, a vector of zeros.
"""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOST_AT_ONCE = 64
KNOWN = {"model", "input", "encoding_format", "dimensions", "user"}


class EmbeddingsServer:
    """The server: `fails` are the statuses of the next answers; `broken` spoils every answer in one way."""

    def __init__(self, key: str, model: str, dim: int = 16) -> None:
        self.key, self.model, self.dim = key, model, dim
        self.fails: list[int] = []
        self.broken = ""  # "short", "zeros", "not json"
        self.asked: list[list[str]] = []
        self.base_url = ""

    def answer(self, path: str, key: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Return a status and what is said."""
        texts = body["input"]
        checks = (
            (path == "/v1/embeddings", 404, "no such path"),
            (key == f"Bearer {self.key}", 401, f"Incorrect API key provided: {key}"),
            (not set(body) - KNOWN, 400, f"unknown fields {sorted(set(body) - KNOWN)}"),
            (body["model"] == self.model, 404, f"model {body['model']} not found"),
            (
                isinstance(texts, list) and 0 < len(texts) <= MOST_AT_ONCE and all(texts),
                400,
                "up to 64 texts, none empty",
            ),
        )
        for holds, status, message in checks:
            if not holds:
                return status, _error(message)
        if self.fails:
            return self.fails.pop(0), _error("not now")
        self.asked.append(texts)
        data = [{"object": "embedding", "index": i, "embedding": self.vector(text)} for i, text in enumerate(texts)]
        if self.broken == "short":
            data = data[:-1]
        data.reverse()  # the index says which is which, not the order
        return 200, {
            "object": "list",
            "data": data,
            "model": self.model,
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }

    def vector(self, text: str) -> list[float]:
        """Return a vector in which texts that share words are near each other; not of unit length."""
        made = [0.0] * self.dim
        for word in text.lower().split():
            made[int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dim] += 3.0
        return [0.0] * self.dim if self.broken == "zeros" else [value + 0.01 for value in made]


def _error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "fake", "code": None}}


@contextmanager
def serving(key: str = "sk-fake-key-123456", model: str = "words-16", dim: int = 16) -> Iterator[EmbeddingsServer]:
    """Run the server until the block ends."""
    server = EmbeddingsServer(key, model, dim)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, said = server.answer(self.path, self.headers.get("Authorization", ""), body)
            text = b"<html>" if server.broken == "not json" and status == 200 else json.dumps(said).encode()
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "0")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.base_url = f"http://127.0.0.1:{http.server_port}/v1"
    threading.Thread(target=http.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
