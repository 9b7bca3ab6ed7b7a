"""`greenroom` as real processes, forked from one that has imported everything already.

A cold start is measured by `greenroom bench start`; in hundreds of tests it would only be waited for. Each command has
an environment, a folder, standard streams and an exit code of its own, as if a shell had started it.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import IO, Any, NoReturn

LONGEST = 180  # seconds
IMPORTED = (
    "alembic.command", "chromadb", "langgraph.graph", "onnxruntime", "tokenizers", "agent.graph", "app.studio",
    "tools.check",
)  # fmt: skip
LENGTH = 4  # bytes in which a request says how long it is

_one_at_a_time = threading.Lock()


def run(words: list[str], env: dict[str, str], stdin: str | None = None) -> "subprocess.CompletedProcess[str]":
    """Run `greenroom WORDS` and return how it ended, with what it printed. Raises TimeoutExpired."""
    request = json.dumps({"words": words, "env": env, "cwd": str(Path.cwd())}).encode()
    reply, theirs = os.pipe()
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write((stdin or "").encode())
        given.seek(0)
        with _one_at_a_time:
            fds = [given.fileno(), out.fileno(), err.fileno(), theirs]
            socket.send_fds(_server(), [len(request).to_bytes(LENGTH, "big")], fds)
            _server().sendall(request)
        os.close(theirs)
        return subprocess.CompletedProcess(words, _code(reply, words), _text(out), _text(err))


@lru_cache(maxsize=1)
def _server() -> socket.socket:
    """Start this test worker's own server; it ends with the connection."""
    ours, theirs = socket.socketpair()
    subprocess.Popen([sys.executable, "-m", "tests.app.warm", str(theirs.fileno())], pass_fds=[theirs.fileno()])
    theirs.close()
    return ours


def _code(reply: int, words: list[str]) -> int:
    """Return the exit code, negative for a signal, as `subprocess` has it."""
    with os.fdopen(reply, "rb", buffering=0) as told:
        pid = int(told.readline())
        if not select.select([told], [], [], LONGEST)[0]:
            os.kill(pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired(words, LONGEST)
        return int(told.readline())


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def serve(connection: socket.socket) -> None:
    """Fork a process for each request until the other end is closed."""
    _import_everything()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever waits for a command is forked too, and nobody's child to us
    while True:
        head, fds, _, _ = socket.recv_fds(connection, LENGTH, 4)
        if not head:
            return
        request = b""
        while len(request) < int.from_bytes(head, "big"):
            request += connection.recv(65536)
        if os.fork() == 0:
            connection.close()
            _wait_for(json.loads(request), fds)
        for fd in fds:
            os.close(fd)


def _import_everything() -> None:
    """Import what commands import; open nothing and start no thread, as a fork would lose it."""
    for name in IMPORTED:
        import_module(name)
    from app.cli import build

    build()
    assert threading.active_count() == 1


def _wait_for(request: dict[str, Any], fds: list[int]) -> NoReturn:
    """Fork the command itself, and tell its number and how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    reply = fds.pop()
    pid = os.fork()
    if pid == 0:
        os.close(reply)
        _command(request, fds)
    os.write(reply, b"%d\n" % pid)
    _, status = os.waitpid(pid, 0)
    os.write(reply, b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _command(request: dict[str, Any], fds: list[int]) -> NoReturn:
    """Be the command: end as an interpreter ends."""
    for number, fd in enumerate(fds):
        os.dup2(fd, number)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    sys.argv = ["-c", *request["words"]]
    code: object = 0
    try:
        from app.cli import main

        main()
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
