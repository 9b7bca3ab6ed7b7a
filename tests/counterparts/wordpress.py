"""A real WordPress over a real MariaDB: its REST interface, media, posts for later, application passwords."""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.counterparts.server import INSTALLED, Server, absent, free_port

CORE = INSTALLED / "debian" / "usr" / "share" / "wordpress"
SITE = Path(__file__).with_name("site")
TABLES = ("mysql_system_tables.sql", "mysql_system_tables_data.sql")
FAST = (
    "--innodb-flush-method=nosync",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-file-size=16M",
    "--performance-schema=OFF",
)
WORKERS = 3  # PHP's own server answers one request at a time in each


@dataclass(frozen=True)
class User:
    """Who may do what, and their application password."""

    name: str
    application_password: str = field(repr=False)


class WordPressServer(Server):
    """The site at `url`; `user` is an editor, who may publish and upload; `admin` is for the test's own reading."""

    def begin(self) -> None:
        """Make a database, install the site into it, serve it."""
        self._php = program("php")
        self._database(program("mariadbd"))
        self.url = f"http://127.0.0.1:{free_port()}"
        (self.folder / "content").mkdir()
        (self.folder / "content" / "themes").symlink_to(CORE / "wp-content" / "themes")
        self._settings = {"WORDPRESS": str(CORE), "WORDPRESS_FILES": str(SITE), "WORDPRESS_URL": self.url}
        printed = self.run(self._php, "-d", "sendmail_path=true", str(SITE / "install.php"), **self._settings)
        keys = json.loads(printed.splitlines()[-1])
        self.user, self.application_password = "ines", keys["ines"]
        self.admin = User("admin", keys["admin"])
        self._serve()

    def new_user(self, name: str, role: str) -> User:
        """Create a user of another role (author, contributor, subscriber) with an application password."""
        who = {"username": name, "email": f"{name}@example.org", "password": f"{name}-of-a-test", "roles": [role]}
        made = self.asked("POST", "users", json=who)
        key = self.asked("POST", f"users/{made['id']}/application-passwords", json={"name": "Greenroom"})
        return User(name, key["password"])

    def posts(self, **wanted: Any) -> list[dict[str, Any]]:
        """Read the posts of every state as they are stored (the newest 100), newest first."""
        return list(self.asked("GET", "posts", params={"status": "any", "context": "edit", "per_page": 100, **wanted}))

    def run_cron(self) -> None:
        """Do what is due, such as publishing posts whose time has come."""
        with urlopen(f"{self.url}/wp-cron.php", timeout=30) as answer:
            answer.read()

    def asked(self, verb: str, path: str, **what: Any) -> Any:
        """Ask the REST interface (wp/v2) as the administrator."""
        import httpx2

        key = (self.admin.name, self.admin.application_password)
        answer = httpx2.request(verb, f"{self.url}/wp-json/wp/v2/{path}", auth=key, timeout=30, **what)
        assert answer.is_success, f"{verb} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def _database(self, mariadbd: str) -> None:
        self.own(self.folder)
        data = self.folder / "database"
        data.mkdir()
        self.own(data)
        options = ("--no-defaults", f"--datadir={data}", "--skip-networking", *FAST)
        begin = "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n"
        tables = "".join((shared() / name).read_text() for name in TABLES)
        script = f"{begin}{tables}\nCREATE DATABASE wordpress CHARACTER SET utf8mb4;\n"
        self.run(mariadbd, *options, "--bootstrap", drop=True, given=script)
        self.serve(mariadbd, *options, f"--socket={self.folder / 'socket'}", drop=True)
        self.wait((self.folder / "socket").exists)

    def _serve(self) -> None:
        quiet = ("-d", "display_errors=0", "-d", "log_errors=1", "-d", "error_log=/dev/stderr")
        address = self.url.removeprefix("http://")
        limits = ("-d", "upload_max_filesize=32M", "-d", "post_max_size=40M", "-d", "sendmail_path=true")
        command = (self._php, *quiet, *limits, "-S", address, "-t", str(CORE), str(SITE / "router.php"))
        self.serve(*command, env={**self._settings, "PHP_CLI_SERVER_WORKERS": str(WORKERS)})
        self.wait(self._answers)

    def _answers(self) -> bool:
        with urlopen(f"{self.url}/wp-json/", timeout=10) as answer:
            return "wp/v2" in json.load(answer)["namespaces"]


def program(name: str) -> str:
    """Return where a program is; without it, or without WordPress itself, the test can't run."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        absent("WordPress", f"there is no {name}")
    if not (CORE / "wp-load.php").exists():
        absent("WordPress", "it is not unpacked")
    return found


def shared() -> Path:
    """Return the folder of the tables that every MariaDB has."""
    return next(
        path for name in ("mysql", "mariadb") if (path := Path("/usr/share") / name / TABLES[0]).exists()
    ).parent
