"""A home that Greenroom left at revision 0003, opened by this one: nothing lost, nothing sent twice.

`home_at_0003.json.gz` holds every row that the code of that time wrote for one small creator: a post that went out, one
that was approved and is not due yet, an approval whose process died before it was carried out, an edit on hold, a
rejection, and one that was taken back. (Vectors and measured profiles are left out: they are made anew.)
"""

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command

from app.settings import Settings
from app.studio import Studio
from memory import Memory
from memory.database import Database, sqlite_url
from memory.migrations import HEAD, configuration, stored_revision
from tests.conftest import Clock

Rows = dict[str, list[dict[str, Any]]]

DUE = datetime(2026, 11, 23, 12, 29, tzinfo=UTC)  # a minute after the approved one is


def kept() -> Rows:
    rows: Rows = json.loads(gzip.decompress((Path(__file__).parent / "home_at_0003.json.gz").read_bytes()))
    return rows


def rows_of(home: Path, wanted: Rows) -> Rows:
    """Return what a database holds of the columns there were."""
    found = {}
    with closing(sqlite3.connect(home / "greenroom.db")) as raw:
        raw.row_factory = sqlite3.Row
        for table, rows in wanted.items():
            columns = ", ".join(f'"{name}"' for name in rows[0])
            found[table] = [dict(row) for row in raw.execute(f"SELECT {columns} FROM {table} ORDER BY rowid")]
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home as it was left at 0003."""
    folder = tmp_path / "home"
    folder.mkdir()
    database = Database(sqlite_url(folder / "greenroom.db"))
    with database.write() as conn:
        command.upgrade(configuration(conn), "0003")
        assert stored_revision(conn) == "0003"
    database.close()
    with closing(sqlite3.connect(folder / "greenroom.db")) as raw:
        for table, rows in kept().items():
            names, marks = ", ".join(f'"{name}"' for name in rows[0]), ", ".join("?" * len(rows[0]))
            raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", [tuple(row.values()) for row in rows])
        for index in ("passages_fts", "works_fts"):
            raw.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
        raw.commit()
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    (folder / "current-workspace").write_text("small-harbour\n", encoding="utf-8")
    return folder


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    opened = Studio.open(Settings(home=home), clock=Clock(DUE))
    yield opened
    opened.close()


def test_every_row_is_still_there_and_the_ledger_verifies(home: Path) -> None:
    before = kept()
    assert rows_of(home, before) == before
    memory = Memory.open(home)
    try:
        assert rows_of(home, before) == before
        with memory._database.read() as conn:
            assert stored_revision(conn) == HEAD
        check = memory.ledger.verify()
        assert (check.ok, check.entries) == (True, len(before["ledger"]))
        proposals = memory.proposals.list("small-harbour")
        assert len(proposals) == len(before["proposals"])
        assert all(each.recomputed_sha() == each.sha for each in proposals)
    finally:
        memory.close()


def test_what_was_approved_and_unsent_goes_out_once_and_what_was_sent_stays_sent(studio: Studio) -> None:
    rows = kept()
    states = {row["proposal_id"]: row["state"] for row in rows["publications"]}
    assert sorted(states.values()) == ["published", "scheduled"]
    [unresumed] = [row["proposal_id"] for row in rows["decisions"] if row["resumed_at"] is None]
    studio.publish_due()
    after = {each.proposal_id: each for each in studio.publications()}
    assert {proposal: each.state for proposal, each in after.items()} == {
        **dict.fromkeys(states, "published"),
        unresumed: "published",
    }
    for row in rows["publications"]:
        assert after[row["proposal_id"]].sha == row["sha"]  # exactly what was approved then
        if row["state"] == "published":
            assert (after[row["proposal_id"]].remote_id, after[row["proposal_id"]].attempts) == (
                row["remote_id"],
                row["attempts"],
            )
    posts = sorted((studio.settings.home / "site").rglob("provenance.json"))
    assert len(posts) == 2  # the third went out then, to the site as it was
    written = [path.stat().st_mtime_ns for path in posts]
    studio.clock.now = DUE.replace(hour=18)  # type: ignore[attr-defined]
    assert [each for each in studio.publish_due().model_dump().values() if each] == []
    assert sorted((studio.settings.home / "site").rglob("provenance.json")) == posts
    assert [path.stat().st_mtime_ns for path in posts] == written
    assert studio.verify_ledger().ok


def test_what_waited_waits_and_can_be_decided(studio: Studio) -> None:
    rows = kept()
    waited = {row["id"] for row in rows["proposals"] if row["state"] in ("waiting", "held")}
    [unresumed] = [row["proposal_id"] for row in rows["decisions"] if row["resumed_at"] is None]
    studio.recover()
    pending = {each.id: each for each in studio.pending()}
    assert set(pending) == waited - {unresumed}
    chosen = next(each for each in pending.values() if each.channel == "mastodon")
    assert studio.decide(chosen.id, "reject", chosen.sha).proposal.state == "rejected"
    assert [each.title for each in studio.recall("biscuit tin")] == ["Who owns the tide tables"]
