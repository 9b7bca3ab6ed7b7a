"""A workspace with something of everything in it, its exports, and exports that somebody changed."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Connection, Float, Integer, LargeBinary, String, Text, insert, select

from core.briefs import Plan
from core.series import Series
from core.works import Piece
from memory import Memory
from memory.export import BroughtIn
from memory.export.rules import columns, kept, parents
from memory.tables import UtcDateTime
from tests.memory.archive import HashedWords
from tests.memory.conftest import NOON, Clock
from tests.memory.making import publication, waiting

SECRET = "a long word of Tomas's own"
PICTURE = b"\x89PNG a picture of the tin"
BODY = "The harbour office printed the tide tables until 1987.\n\nAfter that nobody was sure whose job it was. " * 3


def fill(memory: Memory, clock: Clock) -> None:
    """Put works in several versions, decisions, publications, consents, members and media into a memory."""
    first = Piece(source="tin.md", title='The tin: a "story"', body=BODY, tags=("tides",), published_at=NOON)
    odd = Piece(
        source="ødd\u2028.md", title="---", body="No words\x85 to speak of 🌊\u2028here.", extra={"a": ["b", 1, None]}
    )
    memory.works.remember("ines", [first, odd, first.model_copy(update={"source": "copy.md", "license": "CC BY 4.0"})])
    clock.pass_by(minutes=1)
    memory.works.remember("ines", [first.model_copy(update={"body": BODY + "\n\nA later line."})])
    memory.files.add("ines", PICTURE, mime="image/png", name="tin.png", alt="A tin", size=(2, 2))
    live, rejected = waiting(memory, "It is out."), waiting(memory, "No.")
    memory.briefs.record_plan(Plan(brief_id="b_1"))
    memory.briefs.record_plan(Plan(brief_id="b_1", phase="planned"))
    approval = memory.decisions.claim("ines", live.id, "approve", live.sha, "Ines")
    row = memory.publications.enqueue(publication(live, approval, due_at=clock.now))
    memory.decisions.mark_resumed(approval.id)
    [claimed] = memory.publications.claim_due("w", clock.now, timedelta(minutes=1), 1)
    epoch = {"epoch": claimed.epoch}
    memory.publications.step(row.id, to="armed", request={"to": "there"}, key="k", **epoch)
    memory.publications.step(row.id, to="published", remote_id="r1", url="https://ines.example/1", **epoch)
    no = memory.decisions.claim("ines", rejected.id, "reject", rejected.sha, "Ines", note="not now")
    memory.decisions.mark_resumed(no.id)
    waiting(memory, "It waits.")
    memory.members.add("ines", "Tomas", "editor", by="Ines", new_secret=SECRET)
    memory.consents.say("ines", "person:Marit Vik", granted=False, by="Ines", note="her mail")
    memory.series.add(
        Series(id="s_1", workspace="ines", channel="site", name="Sundays", weekdays=(6,), wall_time="09:00", zone="UTC",
               starts_on="2026-11-01", created_at=NOON)
    )  # fmt: skip


def fill_every_other_table(memory: Memory) -> None:
    """Put a made-up row into each table of an export that has none yet: one that is added later is tested too."""
    with memory._database.write() as conn:
        for table in kept(with_people=True):
            if conn.execute(select(table).limit(1)).first() is None:
                refers = dict(parents(table))
                row = {c.name: _made_up(conn, c, refers.get(c.name)) for c in columns(table)}
                hidden = {"state": "connected", "reason": ""} if table.name == "connections" else {}
                conn.execute(insert(table).values(row | hidden))


def _made_up(conn: Connection, column: Column[Any], refers: Column[Any] | None) -> Any:
    """A value that is hard on whoever writes it down."""
    if column.name == "workspace":
        return "ines"
    if refers is not None:
        return conn.scalar(select(refers).limit(1))
    values: list[tuple[type[Any], Any]] = [
        (JSON, {"ä": [1, 0.1, None, True, "\u2028\x85\n🌊"], "": {}}),
        (UtcDateTime, NOON.replace(microsecond=123456)),
        (LargeBinary, b"\x00\xff"),
        (Integer, 7),
        (Float, 0.1),
        (Text, "\u2028 é\n\t🌊"),
        (String, f"{column.name[:8]}-é"),
    ]
    return next(value for kind, value in values if isinstance(column.type, kind))


def other_home(tmp_path: Path, clock: Callable[[], Any], name: str = "new") -> Memory:
    return Memory.open(tmp_path / name, clock=clock, embedder=HashedWords())


def out(memory: Memory, target: Path, **choices: Any) -> Path:
    memory.exports.make("ines", target, greenroom="0.1.0", **choices)
    return target


def files_of(folder: Path, below: str = "data") -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in (folder / below).rglob("*") if p.is_file()}


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    text = (folder / f"data/tables/{table}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.removesuffix("\n").split("\n") if line]


def rewrite(folder: Path, table: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    """Change a table of an export the way somebody would who knows its form: the checksums fit again afterwards."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in change(rows(folder, table)))
    (folder / f"data/tables/{table}.jsonl").write_text(text, encoding="utf-8")
    seal(folder)


def seal(folder: Path) -> None:
    for name, paths in (
        ("manifest-sha256.txt", [p for p in folder.rglob("*") if "data" in p.relative_to(folder).parts[0]]),
        ("tagmanifest-sha256.txt", [p for p in folder.iterdir() if p.name != "tagmanifest-sha256.txt"]),
    ):
        listed = sorted(
            f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n"
            for p in paths
            if p.is_file()
        )
        (folder / name).write_text("".join(listed), encoding="utf-8")


def brought(memory: Memory, folder: Path) -> BroughtIn:
    return memory.exports.restore(folder)
