"""What every test lives in: no network beyond this machine, no real home, the installed embedding model."""

import ipaddress
import os
import socket
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["tests.counterparts.fixtures"]  # real servers, started when a test asks for one

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["ANONYMIZED_TELEMETRY"] = "False"
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"  # no test reaches for a person's own keyring
for name in [n for n in os.environ if n.startswith(("GREENROOM_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_"))]:
    if name != "GREENROOM_CACHE":
        del os.environ[name]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what is opt-in."""
    parser.addoption("--studio", action="store_true", help="test LangGraph's dev server too (make test-studio)")
    parser.addoption("--long", action="store_true", help="races and sweeps at their full length (make test-long)")


_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


class OutsideNetworkUsed(AssertionError):
    """A test tried to reach something that is not on this machine."""


def _refuse_outside(address: Any) -> None:
    if not isinstance(address, tuple):
        return  # a Unix socket
    host = address[0]
    try:
        inside = host in ("localhost", "") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise OutsideNetworkUsed(f"a test reached for {address}")


def _guarded(self: socket.socket, address: Any) -> Any:
    _refuse_outside(address)
    return _connect(self, address)


def _guarded_ex(self: socket.socket, address: Any) -> Any:
    _refuse_outside(address)
    return _connect_ex(self, address)


@pytest.fixture(scope="session", autouse=True)
def _no_network_beyond_this_machine() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _guarded)
    patch.setattr(socket.socket, "connect_ex", _guarded_ex)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _one_encoder_a_process() -> Iterator[None]:
    """Load the installed model once, and encode each text once: nearly every test opens a home with the same works."""
    import numpy as np  # here: what stands above is read before its threads are counted

    from memory.embedding.onnx import MiniLM

    patch = pytest.MonkeyPatch()
    encode, first, known = MiniLM.embed, dict[Path, MiniLM](), dict[tuple[Path, str], Any]()

    def embed(self: MiniLM, texts: Sequence[str]) -> Any:
        encoder = first.setdefault(self.folder, self)
        new = list(dict.fromkeys(text for text in texts if (self.folder, text) not in known))
        if new:
            known.update({(self.folder, text): row for text, row in zip(new, encode(encoder, new), strict=True)})
        rows = [known[self.folder, text] for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dim), dtype=np.float32)

    patch.setattr(MiniLM, "embed", embed)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _one_migration_a_process() -> Iterator[None]:
    """Migrate one new database, and have the others take the statements that it took: all of them start empty."""
    from sqlalchemy import Connection, event

    from memory import migrations

    patch = pytest.MonkeyPatch()
    upgrade, taken = migrations._upgrade, list[tuple[str, Any]]()
    changes = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")

    def first(conn: Connection) -> None:
        noted = list[tuple[str, Any]]()

        def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if statement.lstrip().startswith(changes):
                noted.append((statement, parameters))

        event.listen(conn, "before_cursor_execute", note)
        try:
            upgrade(conn)
        finally:
            event.remove(conn, "before_cursor_execute", note)
        taken.extend(noted)  # only the whole of it

    def once(conn: Connection) -> None:
        if conn.dialect.name != "sqlite" or migrations.stored_revision(conn) is not None:
            upgrade(conn)
        elif not taken:
            first(conn)
        else:
            for statement, parameters in taken:
                conn.exec_driver_sql(statement, parameters or None)

    once.itself = upgrade  # type: ignore[attr-defined]
    patch.setattr(migrations, "_upgrade", once)
    yield
    patch.undo()


@pytest.fixture
def real_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every new database of this test migrated step by step, as it is outside of tests."""
    from memory import migrations

    monkeypatch.setattr(migrations, "_upgrade", migrations._upgrade.itself)  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _no_real_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENROOM_HOME", str(tmp_path / "default-home"))


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at a Friday noon."""
    return Clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
