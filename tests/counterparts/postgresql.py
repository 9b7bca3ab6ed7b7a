"""A real PostgreSQL from this machine's programs, which gives each test a database of its own."""

import shutil
import signal
from itertools import count
from pathlib import Path

from tests.counterparts.server import Server, absent, free_port

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "wal_level=minimal")
QUIET = ("max_wal_senders=0", "autovacuum=off", "listen_addresses=127.0.0.1", "unix_socket_directories=")


def programs() -> Path:
    """Return the folder of initdb and postgres."""
    found = shutil.which("initdb") or max(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=None)
    if found is None:
        absent("PostgreSQL", "there is no initdb")
    return Path(found).resolve().parent


class PostgreSQLServer(Server):
    """The server: `url` is its first database, `new_database()` an empty one more. User greenroom, no password."""

    def begin(self) -> None:
        """Make a cluster in the folder and serve it."""
        self._names = count(1)
        data, port = str(self.folder / "data"), free_port()
        self.own(self.folder)
        initdb = str(programs() / "initdb")
        trust = ("-A", "trust", "-U", "greenroom", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
        self.run(initdb, "-D", data, *trust, drop=True)
        options = [part for setting in (*FAST, *QUIET) for part in ("-c", setting)]
        postgres = str(programs() / "postgres")
        self.serve(postgres, "-D", data, "-p", str(port), *options, drop=True, ends_with=signal.SIGQUIT)
        self._address = f"greenroom@127.0.0.1:{port}"
        self.wait(self._answers)
        self.url = f"postgresql+psycopg://{self._address}/postgres"

    def new_database(self) -> str:
        """Create an empty database and return its URL for SQLAlchemy."""
        name = f"test_{next(self._names)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return f"postgresql+psycopg://{self._address}/{name}"

    def _execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(f"postgresql://{self._address}/postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _answers(self) -> bool:
        import psycopg

        try:
            self._execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True
