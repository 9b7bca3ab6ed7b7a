"""One HTTP request to one address that was checked, within a size and a time."""

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from core.errors import BadInput
from media.web.addresses import Address, Target, resolved

AGENT = "Greenroom/1 (one page, asked for by a person)"
TOKEN = "Greenroom"  # what a robots.txt calls us
CONNECT_S = 10.0
_CHUNK = 65536
_ENCODINGS = ("", "identity", "gzip", "x-gzip")


@dataclass(frozen=True)
class Limits:
    """How much is taken from a server: bytes after unpacking, and seconds for everything, looking up its name too."""

    bytes: int = 5_000_000
    seconds: float = 20.0
    allow_loopback: bool = False  # for tests of ours alone: nothing that a person can set leads here


@dataclass(frozen=True)
class Answer:
    """What a server answered: headers by lower-case name, the body unpacked."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(target: Target, limits: Limits, *, accept: str, cut: bool = False) -> Answer:
    """Send one GET and return the answer, redirects not followed.

    The connection goes to an address that was checked, and to no other. Raises BadInput where it can't be had within
    the limits; `cut` takes the beginning of a body that is too long instead.
    """
    until = time.monotonic() + limits.seconds
    where = _looked_up(target, limits, until)
    with _connected(target, where, until) as connection:
        headers = {"User-Agent": AGENT, "Accept": accept, "Accept-Encoding": "gzip", "Connection": "close"}
        try:
            connection.request("GET", target.path, headers={"Host": target.authority, **headers})
            with connection.getresponse() as response:
                named = {name.lower(): value for name, value in response.getheaders()}
                body = b"" if response.status in _NO_BODY else _read(response, named, limits, until, cut=cut)
                return Answer(response.status, named, body)
        except (http.client.HTTPException, OSError, zlib.error, ValueError) as error:
            raise _failed(target, until, error) from None


def _looked_up(target: Target, limits: Limits, until: float) -> tuple[Address, ...]:
    """Return where a host is. A look-up can't be stopped, so it is left alone once the time is over: nothing waits."""
    found: SimpleQueue[tuple[Address, ...] | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            found.put(resolved(target.host, target.port, allow_loopback=limits.allow_loopback))
        except (BadInput, OSError, ValueError) as error:
            found.put(error)

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        answer = found.get(timeout=max(0.0, until - time.monotonic()))
    except Empty:
        raise _failed(target, until, TimeoutError()) from None
    if isinstance(answer, Exception):
        raise answer
    return answer


_NO_BODY = (204, 301, 302, 303, 304, 307, 308)


@contextmanager
def _connected(target: Target, where: tuple[Address, ...], until: float) -> Iterator[http.client.HTTPConnection]:
    """Open a connection to the first address that answers, and hang up when the time is over, whatever is going on."""
    sock = _socket(target, where, until)
    if target.scheme == "https":
        # the handshake comes after the watch begins: it can be drawn out too
        context = ssl.create_default_context()
        sock = context.wrap_socket(sock, server_hostname=target.host, do_handshake_on_connect=False)
    watch = threading.Timer(max(0.0, until - time.monotonic()), _hang_up, (sock,))
    watch.daemon = True
    watch.start()
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = sock
    try:
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()
        yield connection
    except (OSError, ValueError) as error:
        raise _failed(target, until, error) from None
    finally:
        watch.cancel()
        connection.close()
        sock.close()


def _socket(target: Target, where: tuple[Address, ...], until: float) -> socket.socket:
    for address in where:
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((str(address), target.port), timeout=min(CONNECT_S, left))
        except OSError:
            continue
    raise BadInput(f"{target.host} does not answer.", _LATER)


def _hang_up(sock: socket.socket) -> None:
    """Stop a read that is under way: a server that sends a byte now and then keeps no timeout from passing."""
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # the bare one: TLS would want to say goodbye first
    except OSError:
        return  # it is over already


def _read(
    response: http.client.HTTPResponse, headers: dict[str, str], limits: Limits, until: float, *, cut: bool
) -> bytes:
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise ValueError(f"it is packed as {encoding[:20]}, which is not read here")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if encoding not in ("", "identity") else None
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        room = limits.bytes + 1 - len(body)
        # never more than there is room for is unpacked: a small bomb can't fill the memory
        body += unpack.decompress(chunk, room) if unpack else chunk[:room]
        if len(body) > limits.bytes:
            if cut:
                return bytes(body[: limits.bytes])
            raise ValueError(f"it is larger than {limits.bytes:,} bytes")
        if time.monotonic() > until:
            raise TimeoutError
    if time.monotonic() >= until:
        raise TimeoutError  # what looks like the end is where it was hung up on
    if response.length or (unpack and body and not unpack.eof):
        raise ValueError("it was cut off on the way")
    return bytes(body)


def _failed(target: Target, until: float, error: Exception) -> BadInput:
    if time.monotonic() >= until or isinstance(error, TimeoutError):
        return BadInput(f"{target.host} took too long; nothing was kept.", _LATER)
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "verify_message", "") or error.reason or "no reason given"
        return BadInput(f"{target.host} has no certificate that can be trusted ({reason}).", _LATER)
    said = str(error) if isinstance(error, ValueError) else type(error).__name__
    return BadInput(f"The page of {target.host} can't be used: {said}.", _LATER)


_LATER = "Try again later, or save the page to a file and give it with --from FILE."
