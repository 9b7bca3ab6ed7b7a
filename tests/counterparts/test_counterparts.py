"""Each counterpart starts, answers one real request, and leaves nothing behind, also when the tests are killed."""

import os
import signal
import smtplib
import ssl
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from tests.counterparts.bluesky import BlueskyServer
from tests.counterparts.mail import Accept, Cut, MailServer, Refuse, RefuseData
from tests.counterparts.postgresql import PostgreSQLServer
from tests.counterparts.server import Server, absent
from tests.counterparts.wordpress import WordPressServer

ROOT = Path(__file__).parents[2]
LETTER = b"From: ines@example.org\r\nSubject: Tides\r\n\r\n.A line that begins with a dot.\r\nGr\xc3\xbc\xc3\x9fe\r\n"


def left_behind(folder: Path) -> list[str]:
    """Return the programs that still carry a server's mark in their environment, and its folder."""
    mark = f"COUNTERPART={folder}".encode()
    found = [str(folder)] if folder.exists() else []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def ended(server: Server) -> bool:
    assert left_behind(server.folder), "the mark is how its programs are found"
    server.stop()
    server.stop()
    return left_behind(server.folder) == []


def test_bluesky_keeps_a_record_that_anybody_can_read() -> None:
    with BlueskyServer.start() as server:
        ines = server.create_account("ines")
        who = {"identifier": ines.handle, "password": ines.password}
        session = httpx2.post(f"{server.url}/xrpc/com.atproto.server.createSession", json=who).json()
        post = {"$type": "app.bsky.feed.post", "text": "The tide turns. 🌊", "createdAt": "2026-11-20T12:00:00Z"}
        record = {"repo": ines.did, "collection": "app.bsky.feed.post", "record": post}
        key = {"Authorization": f"Bearer {session['accessJwt']}"}
        made = httpx2.post(f"{server.url}/xrpc/com.atproto.repo.createRecord", json=record, headers=key).json()
        kept = server.get_record(ines.did, "app.bsky.feed.post", made["uri"].rpartition("/")[2])
        assert kept == {"uri": made["uri"], "cid": made["cid"], "value": post}
        assert server.list_records(ines.did) == [kept]
        assert server.get_record(ines.did, "app.bsky.feed.post", "3laaaaaaaaaaa") is None
        assert ended(server)


def test_wordpress_keeps_a_draft_for_an_application_password() -> None:
    with WordPressServer.start() as server:
        posts, key = f"{server.url}/wp-json/wp/v2/posts", (server.user, server.application_password)
        draft = {"title": "Tide tables", "content": "<p>Grüße</p>", "status": "draft"}
        assert httpx2.post(posts, json=draft, auth=(server.user, "wrong")).status_code == 401
        made = httpx2.post(posts, json=draft, auth=key)
        assert made.status_code == 201
        read = httpx2.get(f"{posts}/{made.json()['id']}", params={"context": "edit"}, auth=key).json()
        assert (read["title"]["raw"], read["content"]["raw"], read["status"]) == (*list(draft.values())[:2], "draft")
        assert [post["id"] for post in server.posts()] == [read["id"]]
        contributor = server.new_user("tom", "contributor")
        refused = httpx2.post(
            posts, json={**draft, "status": "publish"}, auth=(contributor.name, contributor.application_password)
        )
        assert refused.status_code == 403
        assert ended(server)


def test_a_picture_uploaded_to_wordpress_is_served_as_it_was() -> None:
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    with WordPressServer.start() as server:
        made = httpx2.post(
            f"{server.url}/wp-json/wp/v2/media",
            content=file.getvalue(),
            headers={"Content-Type": "image/png", "Content-Disposition": 'attachment; filename="tide.png"'},
            auth=(server.user, server.application_password),
        )
        assert made.status_code == 201
        served = httpx2.get(made.json()["source_url"])
        assert (served.headers["content-type"], served.content) == ("image/png", file.getvalue())


def test_postgresql_gives_databases_of_their_own() -> None:
    from sqlalchemy import create_engine, text

    with PostgreSQLServer.start() as server:
        one, other = (create_engine(server.new_database()) for _ in range(2))
        with one.begin() as connection:
            connection.execute(text("CREATE TABLE tides (height int)"))
        with other.begin() as connection:
            assert connection.execute(text("SELECT 1")).scalar() == 1
            assert connection.execute(text("SELECT to_regclass('tides')")).scalar() is None
        for engine in (one, other):
            engine.dispose()
        assert ended(server)


def test_what_it_started_ends_when_the_tests_are_killed() -> None:
    script = (
        "from tests.counterparts.postgresql import PostgreSQLServer; import os, time\n"
        "server = PostgreSQLServer.start(); print(server.folder, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout
        folder = Path(tests.stdout.readline().strip())
        assert len(left_behind(folder)) > 2
        os.kill(tests.pid, signal.SIGKILL)
    ends = time.monotonic() + 20
    while left_behind(folder) and time.monotonic() < ends:
        time.sleep(0.1)
    assert left_behind(folder) == []


def test_without_a_counterpart_ci_fails_and_others_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="PostgreSQL can't run here: there is no initdb"):
        absent("PostgreSQL", "there is no initdb")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="install-counterparts"):
        absent("PostgreSQL", "there is no initdb")


def sent(server: MailServer, *recipients: str) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP(server.host, server.port, timeout=10) as client:
        return client.sendmail("ines@example.org", recipients, LETTER)


def test_a_mail_is_kept_byte_for_byte(mail: MailServer) -> None:
    assert sent(mail, "tom@example.org", "ada@example.org") == {}
    [kept] = mail.received
    assert kept.data == LETTER
    assert (kept.sender, kept.recipients) == ("ines@example.org", ("tom@example.org", "ada@example.org"))
    assert (kept.user, kept.tls) == (None, False)


def test_a_recipient_is_refused_as_scripted_then_accepted(mail: MailServer) -> None:
    mail.script("tom@example.org", Refuse("450 4.2.0 Greylisted"), Accept(), Refuse("550 5.1.1 No such user"))
    assert sent(mail, "tom@example.org", "ada@example.org") == {"tom@example.org": (450, b"4.2.0 Greylisted")}
    assert sent(mail, "tom@example.org") == {}
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        sent(mail, "tom@example.org")
    assert [kept.recipients for kept in mail.received] == [("ada@example.org",), ("tom@example.org",)]
    assert [int(answer[:3]) for to, answer in mail.attempts if to.startswith("tom")] == [450, 250, 550]


def test_the_end_of_a_mail_is_refused_or_cut_as_scripted(mail: MailServer) -> None:
    mail.script("tom@example.org", RefuseData("451 4.3.0 Full"), Cut(kept=False), Cut(kept=True))
    with pytest.raises(smtplib.SMTPDataError, match="451"):
        sent(mail, "tom@example.org")
    for n_kept in (0, 1):
        with pytest.raises(smtplib.SMTPServerDisconnected):
            sent(mail, "tom@example.org")
        assert len(mail.received) == n_kept
    assert sent(mail, "tom@example.org") == {}
    assert [answer for _, answer in mail.attempts] == ["451 4.3.0 Full", "cut", "cut", "250 2.0.0 Queued"]


@pytest.mark.parametrize("tls", ["starttls", "implicit", ""])
def test_a_mail_is_taken_from_who_knows_the_password(tls: str) -> None:
    with MailServer.start(user="ines", password="of the test", tls=tls) as server:
        trust = ssl.create_default_context(cadata=server.certificate or None)
        secure = {"context": trust} if tls == "implicit" else {}
        door = smtplib.SMTP_SSL if tls == "implicit" else smtplib.SMTP
        with door(server.host, server.port, timeout=10, **secure) as client:
            if tls == "starttls":
                client.starttls(context=trust)
            with pytest.raises(smtplib.SMTPResponseException):
                client.sendmail("ines@example.org", ["tom@example.org"], LETTER)
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("ines", "wrong")
            client.login("ines", "of the test")
            client.sendmail("ines@example.org", ["tom@example.org"], LETTER)
        [kept] = server.received
        assert (kept.data, kept.user, kept.tls) == (LETTER, "ines", bool(tls))
    with pytest.raises(OSError, match="refused"):
        smtplib.SMTP(server.host, server.port, timeout=10)
