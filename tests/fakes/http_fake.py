"""What the fake platforms share: an HTTP server on loopback with a journal, a script of faults and a clock.

A fake is ours and strict: it exists because no real server of that platform can run here. What it answers is taken from
the platform's documentation, named in each fake's own docstring.
"""

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

NO_BODY = object()
"""The JSON of a request that has none, or none that can be read."""


@dataclass(frozen=True)
class Upload:
    """A file of a multipart form."""

    filename: str
    content_type: str
    data: bytes


@dataclass
class Call:
    """One request as it arrived, and what became of it. `status` is None while, or if, it was never answered."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Message
    body: bytes
    at: datetime
    json: Any = NO_BODY
    form: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    status: int | None = None
    fault: str = ""
    processed: bool = False
    notes: dict[str, str] = field(default_factory=dict)  # what a fake keeps of it from before to after

    @property
    def content_type(self) -> str:
        """The media type of the body, without parameters; empty if it isn't named."""
        return self.headers.get_content_type() if self.headers.get("Content-Type") else ""

    @property
    def bearer(self) -> str:
        """The bearer token, empty without one."""
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        return token if kind.lower() == "bearer" else ""

    def parameter(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]

    def field(self, name: str, default: str = "") -> str:
        """The first value of a form field."""
        return self.form.get(name, [default])[0]


@dataclass
class Answer:
    """What is answered: JSON, raw bytes, or nothing if `body` is None."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A handler's way to answer with an error from anywhere inside it."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status}: {body}")
        self.answer = Answer(status, body, headers or {})


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request. Without an answer the connection is cut.

    `read` False cuts it before the body is read. `process` False leaves the platform as it was. `late` processes that
    long afterwards, by the fake's clock. `delay_s` are real seconds before the answer.
    """

    name: str
    answer: Answer | None = None
    read: bool = True
    process: bool = False
    late: timedelta | None = None
    delay_s: float = 0.0
    own_answer: bool = False


def refuse(status: int, body: Any = None, **headers: str) -> Fault:
    """Answer `status` without doing anything. Headers are named with underscores: Retry_After="30"."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(f"refuse {status}", Answer(status, body, named))


def too_many(retry_after_s: int | None = 30) -> Fault:
    """Answer 429, with a Retry-After unless it is None."""
    return refuse(429, None, **({} if retry_after_s is None else {"Retry_After": str(retry_after_s)}))


def unread() -> Fault:
    """Cut the connection before the body is read: nothing happened."""
    return Fault("unread", read=False)


def unprocessed() -> Fault:
    """Read the whole request, then cut the connection: nothing happened, and the client can't know."""
    return Fault("unprocessed")


def lost_answer(status: int | None = None) -> Fault:
    """Do what was asked, then cut the connection (or answer `status`, say a gateway's 504): a lost acknowledgement."""
    return Fault("lost answer", None if status is None else Answer(status), process=True)


def late(seconds: float, status: int | None = None) -> Fault:
    """Cut the connection (or answer `status`) and do what was asked that many seconds later, by the fake's clock."""
    return Fault("late", None if status is None else Answer(status), late=timedelta(seconds=seconds))


def slow(delay_s: float) -> Fault:
    """Do what was asked and answer it, that many real seconds late."""
    return Fault("slow", process=True, delay_s=delay_s, own_answer=True)


def utc_now() -> datetime:
    """The time by the machine's clock."""
    return datetime.now(UTC)


class FakeServer:
    """The frame of a fake: `with Fake() as fake`, then `fake.base_url`.

    A subclass has `routes` and answers them in methods that take the call and what the path's groups matched.
    """

    routes: tuple[tuple[str, str, str], ...] = ()

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self.journal: list[Call] = []
        self.broken: list[Exception] = []  # the fake's own mistakes: leaving its context raises the first
        self.base_url = ""
        self._clock = clock
        self._lock = threading.RLock()
        self._script: list[tuple[str, Fault]] = []
        self._waiting: list[tuple[datetime, Call]] = []
        self._as_of: datetime | None = None
        self._compiled = [(method, re.compile(path), name) for method, path, name in self.routes]

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if self.broken and error is None:
            raise self.broken[0]

    def script(self, where: str, *faults: Fault, times: int = 1) -> None:
        """Let the next requests of `where` ("POST /2/tweets", with `*` as in file names) meet these, in order."""
        with self._lock:
            self._script.extend((where, fault) for _ in range(times) for fault in faults)

    @property
    def left(self) -> int:
        """How many scripted faults nobody met."""
        with self._lock:
            return len(self._script)

    @property
    def waiting(self) -> int:
        """How many late commits are still to come."""
        with self._lock:
            return len(self._waiting)

    def calls(self, where: str = "*") -> list[Call]:
        """The journal's requests of `where`, oldest first."""
        with self._lock:
            return [call for call in self.journal if fnmatchcase(f"{call.method} {call.path}", where)]

    def now(self) -> datetime:
        """The fake's time: the clock's, or that of the late commit being processed."""
        return self._as_of or self._clock().astimezone(UTC)

    def settle(self) -> None:
        """Process the late commits that are due by now."""
        with self._lock:
            due = sorted((each for each in self._waiting if each[0] <= self._clock()), key=lambda each: each[0])
            self._waiting = [each for each in self._waiting if each not in due]
            for at, call in due:
                self._as_of = at
                try:
                    self._process(call)
                finally:
                    self._as_of = None

    def missing(self, call: Call) -> Answer:
        """Answer a request of a path or method that isn't there."""
        return Answer(404, {"error": f"no such route: {call.method} {call.path}"})

    def before(self, call: Call) -> None:
        """Run before every route; a subclass counts quotas here and may refuse."""

    def after(self, call: Call, answer: Answer) -> Answer:
        """Run after every route; a subclass adds headers here."""
        return answer

    def fault_for(self, method: str, path: str) -> Fault | None:
        """Take the first scripted fault of this endpoint."""
        with self._lock:
            for place, (where, fault) in enumerate(self._script):
                if fnmatchcase(f"{method} {path}", where):
                    del self._script[place]
                    return fault
        return None

    def handle(self, call: Call, fault: Fault | None) -> tuple[Answer | None, float]:
        """Note a request, process it as its fault allows, and return what to answer and after how many seconds."""
        with self._lock:
            self.settle()
            self.journal.append(call)
            call.at, call.fault = self.now(), fault.name if fault else ""
            if fault is None or fault.process:
                answer = self._process(call)
            if fault and fault.late is not None:
                self._waiting.append((self.now() + fault.late, call))
            if fault and not fault.own_answer:
                answer = replace(fault.answer) if fault.answer else None
            call.status = answer.status if answer else None
            return answer, fault.delay_s if fault else 0.0

    def _process(self, call: Call) -> Answer:
        call.processed = True
        try:
            self.before(call)
            answer = self._route(call)
        except Refused as refused:
            answer = refused.answer
        except Exception as error:
            self.broken.append(error)
            answer = Answer(500, {"error": f"the fake itself broke: {error!r}"})
        return self.after(call, answer)

    def _route(self, call: Call) -> Answer:
        for method, path, name in self._compiled:
            found = path.fullmatch(call.path)
            if found and method == call.method:
                return getattr(self, name)(call, *found.groups())
        return self.missing(call)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # the head and the body are two writes: together they'd wait 40 ms for an ACK
    fake: FakeServer

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        fault = self.fake.fault_for(self.command, parts.path)
        body = self._body() if fault is None or fault.read else b""
        call = Call(self.command, parts.path, parse_qs(parts.query, True), self.headers, body, self.fake.now())
        _parse(call)
        answer, delay_s = self.fake.handle(call, fault)
        time.sleep(delay_s)
        if answer is None:
            return self._cut()
        return self._answer(answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = _serve  # noqa: N815

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        whole = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    def _cut(self) -> None:
        """Reset the connection, so that the client sees it cut and not merely closed."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _answer(self, answer: Answer) -> None:
        raw = answer.body if isinstance(answer.body, bytes) else b""
        if answer.body is not None and not isinstance(answer.body, bytes):
            raw = json.dumps(answer.body, ensure_ascii=False).encode()
        self.send_response(answer.status)
        if raw and "Content-Type" not in answer.headers:
            self.send_header("Content-Type", "application/json; charset=utf-8")
        if answer.status != 204:
            self.send_header("Content-Length", str(len(raw)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test's output quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about clients that hung up: some tests make them."""


def _parse(call: Call) -> None:
    if call.content_type == "application/json":
        try:
            call.json = json.loads(call.body)
        except ValueError:
            call.json = NO_BODY
    elif call.content_type == "application/x-www-form-urlencoded":
        call.form = parse_qs(call.body.decode("utf-8", "replace"), True)
    elif call.content_type == "multipart/form-data":
        _parse_multipart(call)


def _parse_multipart(call: Call) -> None:
    head = b"Content-Type: " + call.headers["Content-Type"].encode() + b"\r\n\r\n"
    for part in BytesParser(policy=HTTP).parsebytes(head + call.body).iter_parts():
        name = str(part.get_param("name", header="Content-Disposition"))
        data = part.get_payload(decode=True) or b""
        filename = part.get_filename()
        if filename is None:
            call.form.setdefault(name, []).append(data.decode("utf-8", "replace"))
        else:
            call.files[name] = Upload(filename, part.get_content_type(), data)
