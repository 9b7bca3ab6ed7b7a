"""A small strict server of the LibreTranslate API on loopback, named a fake: what it says is a rule that a test gives.

It checks what a real one checks (path, key, known fields, formats, pairs of languages, its limits of texts and
characters) in the same order and words, as its source and documentation say, and fails as it is told.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KNOWN = {"q", "source", "target", "format", "alternatives", "api_key"}
LANGUAGES = {"en": ("es", "de", "pt-BR"), "es": ("en",), "de": ("en",), "pt-BR": ("en",)}


class LibreTranslateFake:
    """The server. `fails`: statuses of the next answers; `broken`: spoils every good answer in one way."""

    def __init__(self, key: str, says: Callable[[str], str], most_texts: int, most_characters: int) -> None:
        self.key, self.says = key, says
        self.most_texts, self.most_characters = most_texts, most_characters
        self.fails: list[int] = []
        self.broken = ""  # "short", "not json", "no list", "huge"
        self.asked: list[list[str]] = []
        self.requests = 0
        self.url = ""

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Return a status and what is said."""
        self.requests += 1
        if self.fails:
            status = self.fails.pop(0)
            return status, {"error": "Slowdown: 20 per 1 minute" if status == 429 else "not now"}
        if (method, path) == ("GET", "/languages"):
            return 200, [
                {"code": code, "name": code.upper(), "targets": [*targets, code]} for code, targets in LANGUAGES.items()
            ]
        if (method, path) != ("POST", "/translate"):
            return 404, {"error": "Not Found"}
        if problem := self._problem(body):
            return problem
        texts = body["q"] if isinstance(body["q"], list) else [body["q"]]
        self.asked.append(texts)
        said: Any = [self.says(text) for text in texts]
        if self.broken == "short":
            said = said[:-1]
        if self.broken == "huge":
            said = ["x" * 5_000_000]
        return 200, {"translatedText": said if isinstance(body["q"], list) and self.broken != "no list" else said[0]}

    def _problem(self, body: Any) -> tuple[int, dict[str, str]] | None:
        if self.key and body.get("api_key") != self.key:
            return 403, {
                "error": f"Invalid API key {body.get('api_key')}" if "api_key" in body else "Visit us for a key"
            }
        missing = [name for name in ("q", "source", "target") if not body.get(name)]
        texts = body["q"] if isinstance(body.get("q"), list) else [body.get("q", "")]
        size = sum(map(len, texts))
        pair = LANGUAGES.get(body.get("source"), ())
        checks = (
            (not set(body) - KNOWN, f"unknown fields {sorted(set(body) - KNOWN)}"),
            (not missing, f"Invalid request: missing {missing[:1]} parameter"),
            (all(isinstance(text, str) for text in texts), "Invalid request: q is no text"),
            (
                len(texts) <= self.most_texts,
                f"Invalid request: request ({len(texts)}) exceeds text limit ({self.most_texts})",
            ),
            (
                size <= self.most_characters,
                f"Invalid request: request ({size}) exceeds text limit ({self.most_characters})",
            ),
            (body.get("format", "text") in ("text", "html"), f"{body.get('format')} format is not supported"),
            (body.get("source") in LANGUAGES, f"{body.get('source')} is not supported"),
            (body.get("target") in pair, f"{body.get('target')} is not available as a target language"),
        )
        return next(((400, {"error": words}) for holds, words in checks if not holds), None)


@contextmanager
def serving(
    key: str = "",
    *,
    says: Callable[[str], str] = str.upper,
    most_texts: int = 50,
    most_characters: int = 5_000,
    moved_to: str = "",
) -> Iterator[LibreTranslateFake]:
    """Run the server until the block ends; `moved_to`: it only redirects there."""
    server = LibreTranslateFake(key, says, most_texts, most_characters)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply(*server.answer("GET", self.path, {}))

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Type") != "application/json":
                return self._reply(415, {"error": "Unsupported Media Type"})
            return self._reply(*server.answer("POST", self.path, json.loads(data)))

        def _reply(self, status: int, said: Any) -> None:
            text = b"<html>" if server.broken == "not json" and self.command == "POST" else json.dumps(said).encode()
            self.send_response(307 if moved_to else status)
            if moved_to:
                self.send_header("Location", moved_to + self.path)
            if status == 429:
                self.send_header("Retry-After", "0")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_port}"
    threading.Thread(target=http.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
