"""What goes out as an export comes back as it was; what was altered does not come in at all."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.errors import BadInput, GreenroomError, WrongUse
from core.works import Piece, Workspace
from memory import Memory
from memory.backup.sealed import Damaged
from memory.export.fine_tuning import rights_are_known
from memory.export.rules import RULES, kept
from memory.importers import collect
from memory.tables import metadata
from tests.memory.conftest import NOON, Clock
from tests.memory.exporting import (
    BODY,
    PICTURE,
    SECRET,
    files_of,
    fill,
    fill_every_other_table,
    other_home,
    out,
    rewrite,
    rows,
    seal,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Memory, Path]]:
    """A home with something of everything, and its export; nobody changes either."""
    folder, clock = tmp_path_factory.mktemp("made"), Clock()
    memory = Memory.open(folder / "home", clock=clock)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    fill(memory, clock)
    yield memory, out(memory, folder / "export")
    memory.close()


@pytest.fixture
def export(made: tuple[Memory, Path], tmp_path: Path) -> Path:
    """A copy of the export, to be altered."""
    return Path(shutil.copytree(made[1], tmp_path / "export"))


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Memory]:
    """A home that has nothing, and after each refused import still has nothing."""
    memory = other_home(tmp_path_factory.mktemp("nobody"), later)
    yield memory
    memory.close()


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Memory]:
    memory = other_home(tmp_path, later)
    yield memory
    memory.close()


def later() -> datetime:
    return NOON + timedelta(hours=1)


def nothing_in(memory: Memory) -> bool:
    return memory.workspaces.list() == [] and not [p for p in (memory.home / "files").rglob("*") if p.is_file()]


def test_every_table_has_a_rule() -> None:
    assert set(RULES) == set(metadata.tables)
    assert all(rule.why for rule in RULES.values() if rule.kind != "kept" or rule.without)


def test_there_and_back_is_the_same_to_the_byte(made: tuple[Memory, Path], new: Memory, tmp_path: Path) -> None:
    memory, export = made
    before = files_of(export)
    done = new.exports.restore(export)
    assert done.restored is not None and done.restored.stilled.model_dump() == dict.fromkeys(
        ("approvals", "cancelled", "for_a_person"), 0
    )
    assert (done.restored.works, done.media) == (3, 1)
    assert files_of(out(new, tmp_path / "again")) == before
    assert new.ledger.verify() == memory.ledger.verify()
    assert [w.model_dump() for w in new.works.list("ines")] == [w.model_dump() for w in memory.works.list("ines")]
    work = next(w for w in memory.works.list("ines") if w.source == "tin.md")
    assert new.works.versions("ines", work.id) == memory.works.versions("ines", work.id)
    assert new.works.near_duplicates_of(work.id) == memory.works.near_duplicates_of(work.id) != {}
    assert new.works.passages_of(work.id) == memory.works.passages_of(work.id)
    assert (new.home / "files" / "ines").exists()
    assert [found.work_id for found in new.recall("ines", "tide tables")]  # the full text is there
    new.works.remember("ines", [Piece(source="next.md", title="Next", body="Another one.")])
    assert new.works.count("ines") == 4


def test_every_table_comes_back_whatever_is_in_it(memory: Memory, new: Memory, tmp_path: Path, clock: Clock) -> None:
    fill(memory, clock)
    fill_every_other_table(memory)
    first = out(memory, tmp_path / "first", with_people=True)
    empty = [table.name for table in kept(with_people=True) if not rows(first, table.name)]
    assert empty == []
    new.exports.restore(first)
    assert files_of(out(new, tmp_path / "second", with_people=True)) == files_of(first)


def test_it_reads_without_greenroom(made: tuple[Memory, Path]) -> None:
    export = made[1]
    subprocess.run(["sha256sum", "-c", "--quiet", "manifest-sha256.txt"], cwd=export, check=True)
    subprocess.run(["sha256sum", "-c", "--quiet", "tagmanifest-sha256.txt"], cwd=export, check=True)
    assert (export / "bagit.txt").read_text() == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert "sha256sum -c manifest-sha256.txt" in (export / "README.txt").read_text()
    [odd] = (export / "data/works/undated").glob("*.md")
    _, head, body = odd.read_text(encoding="utf-8").split("---\n", 2)
    facts = yaml.safe_load(head)
    assert (facts["title"], facts["source"]) == ("---", "ødd\u2028.md")
    assert facts["extra"] == {"a": ["b", 1, None]}
    assert "🌊" in body
    versions = sorted(path.name for path in (export / "data/works/versions").rglob("*.md"))
    assert versions == ["version-1.md", "version-2.md"]
    nodes = json.loads((export / "data/metadata.jsonld").read_text(encoding="utf-8"))["@graph"]
    assert [node["@type"] for node in nodes] == ["Collection", "Article", "Article", "Article", "ImageObject"]
    [picture] = (export / "data/media").rglob("*.png")
    assert picture.read_bytes() == PICTURE
    assert str(picture.relative_to(export / "data")) == nodes[-1]["contentUrl"]
    oxum = next(line for line in (export / "bag-info.txt").read_text().splitlines() if line.startswith("Payload-Oxum"))
    payload = files_of(export)
    assert oxum == f"Payload-Oxum: {sum(map(len, payload.values()))}.{len(payload)}"


def test_its_markdown_says_the_same_to_whoever_reads_it(made: tuple[Memory, Path]) -> None:
    memory, export = made
    harvest = collect([export / "data/works"])
    assert harvest.failed == []
    now = {str(piece.extra["id"]): piece for piece in harvest.pieces if "versions/" not in piece.source}
    for work in memory.works.list("ines"):
        if work.source != "ødd\u2028.md":  # the importer cleans what that one is about
            fields = {"title", "tags", "published_at", "license", "language", "excerpt", "url", "authors"}
            assert now[work.id].model_dump(include=fields) == work.model_dump(include=fields)
            assert now[work.id].body.split() == work.body.split()


def test_no_secret_and_nobodys_address_is_in_it(memory: Memory, tmp_path: Path, clock: Clock) -> None:
    fill(memory, clock)
    memory.subscribers.add_consented("ines", "marit@example.org", source="signed up at the harbour fair")
    [hashed] = [m.secret_hash for m in memory.members.list("ines") if m.secret_hash]
    plain = b"".join(files_of(out(memory, tmp_path / "a"), below=".").values())
    for secret in (SECRET, hashed, hashed.split("$")[-1], "argon2", "marit@example.org"):
        assert secret.encode() not in plain
    with_people = out(memory, tmp_path / "b", with_people=True)
    assert [row["address"] for row in rows(with_people, "subscribers")] == ["marit@example.org"]
    again = other_home(tmp_path, clock)
    again.exports.restore(with_people)
    assert [row.address for row in again.subscribers.list("ines")] == ["marit@example.org"]
    assert not any(member.secret_hash for member in again.members.list("ines"))
    again.close()


def test_an_altered_file_is_named_and_nothing_is_changed(export: Path, nobody: Memory) -> None:
    for name in ("data/tables/decisions.jsonl", "bag-info.txt", "README.txt", "data/metadata.jsonld"):
        whole = (export / name).read_bytes()
        (export / name).write_bytes(whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:])
        with pytest.raises(Damaged, match=name):
            nobody.exports.restore(export)
        (export / name).write_bytes(whole)
    assert nothing_in(nobody)


def test_what_is_gone_or_was_added_is_named(export: Path, nobody: Memory) -> None:
    (export / "data/extra.md").write_text("x")
    with pytest.raises(Damaged, match=r"data/extra\.md"):
        nobody.exports.check(export)
    (export / "data/extra.md").unlink()
    (export / "data/.DS_Store").write_text("a file manager's own")
    assert nobody.exports.check(export).files > 20
    (export / "data/metadata.jsonld").unlink()
    with pytest.raises(Damaged, match=r"data/metadata\.jsonld"):
        nobody.exports.check(export)


def test_names_that_lead_elsewhere_are_refused(export: Path, nobody: Memory) -> None:
    whole = (export / "manifest-sha256.txt").read_text()
    for path in ("../../x", "/etc/passwd", "data/../../x", "data//x", "C:/x", "data\\x", "data/a\x00b", "bagit.txt"):
        (export / "manifest-sha256.txt").write_text(f"{whole}{'0' * 64}  {path}\n")
        seal_tags(export)
        with pytest.raises(Damaged, match="names no file that may be in an export"):
            nobody.exports.restore(export)
    assert nothing_in(nobody)


def seal_tags(export: Path) -> None:
    tags = export / "tagmanifest-sha256.txt"
    fresh = hashlib.sha256((export / "manifest-sha256.txt").read_bytes()).hexdigest()
    kept = [line for line in tags.read_text().splitlines() if not line.endswith("  manifest-sha256.txt")]
    tags.write_text("\n".join([*kept, f"{fresh}  manifest-sha256.txt", ""]))


def test_links_are_refused(export: Path, nobody: Memory, tmp_path: Path) -> None:
    inside = export / "data/metadata.jsonld"
    shutil.move(inside, tmp_path / "elsewhere")
    inside.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Damaged, match=r"data/metadata\.jsonld"):
        nobody.exports.restore(export)


def test_rows_that_no_export_has_are_refused_whatever_the_checksums_say(
    made: tuple[Memory, Path], nobody: Memory, tmp_path: Path
) -> None:
    cases = {
        "is of another workspace": ("works", lambda r: [r[0] | {"workspace": "theirs"}, *r[1:]]),
        "which is not in this export": ("work_versions", lambda r: [r[0] | {"work_id": "w_of_others"}, *r[1:]]),
        "dated in the future": ("proposals", lambda r: [r[0] | {"created_at": "2199-01-01T00:00:00+00:00"}, *r[1:]]),
        "in a form that no id has": ("works", lambda r: [r[0] | {"id": "../../x"}, *r[1:]]),
        "has no place here": ("members", lambda r: [row | {"secret_hash": "mine"} for row in r]),
        "does not verify": ("ledger", lambda r: r[:2]),
        "does not verify: entry 1": ("ledger", lambda r: [r[0] | {"actor": "Mallory"}, *r[1:]]),
        "proposals or publications that can't be": ("proposals", lambda r: [row | {"state": "sent"} for row in r]),
        "do not fit together": ("workspaces", lambda r: []),
        "line 1 can't be read": ("files", lambda r: [r[0] | {"added_at": "yesterday"}]),
    }
    each_is_refused(GreenroomError, cases, made[1], nobody, tmp_path)


def test_what_is_said_to_be_approved_or_live_needs_its_approval_and_its_entry_in_the_ledger(
    made: tuple[Memory, Path], nobody: Memory, tmp_path: Path
) -> None:
    waits = next(row for row in rows(made[1], "proposals") if row["state"] == "waiting")
    went = next(row for row in rows(made[1], "publications") if row["state"] == "published")
    copied = went | {"id": "pub_forged", "part": 2, "parts": 2, "root_id": went["id"], "remote_id": "r2"}
    cases = {
        "pub_forged went out, and no entry": ("publications", lambda r: [*r, copied]),
        "went out, and no entry": ("publications", lambda r: [row | {"remote_id": "elsewhere"} for row in r]),
        "went out, and no approval": ("publications", lambda r: [row | {"account": "@other"} for row in r]),
        "is approved, and nothing": ("proposals", lambda r: said(r, waits["id"], "approved")),
        "is scheduled, and nothing": ("proposals", lambda r: said(r, waits["id"], "scheduled")),
        "is live, and nothing": ("proposals", lambda r: said(r, waits["id"], "live")),
    }
    each_is_refused(Damaged, cases, made[1], nobody, tmp_path)


def each_is_refused(
    error: type[GreenroomError], cases: dict[str, tuple[str, Any]], export: Path, home: Memory, tmp_path: Path
) -> None:
    """Forge one table at a time: each is refused for its reason, and nothing is in the home afterwards."""
    for reason, (table, change) in cases.items():
        forged = Path(shutil.copytree(export, tmp_path / "forged"))
        rewrite(forged, table, change)
        with pytest.raises(error, match=reason):
            home.exports.restore(forged)
        assert nothing_in(home)
        shutil.rmtree(forged)


def said(proposals: list[dict[str, Any]], proposal_id: str, state: str) -> list[dict[str, Any]]:
    return [row | {"state": state} if row["id"] == proposal_id else row for row in proposals]


@pytest.mark.parametrize("kind", ["published", "approved", "import"])
def test_no_work_of_an_export_counts_as_one_that_went_out_here(
    export: Path, new: Memory, tmp_path: Path, clock: Clock, kind: str
) -> None:
    rewrite(export, "works", lambda r: [row | {"kind": kind, "license": None} for row in r])
    new.exports.restore(export)
    theirs = other_home(tmp_path / "theirs", clock)
    theirs.workspaces.add(Workspace(id="mine", name="Mine", created_at=NOON))
    theirs.exports.merge(export, "mine")
    for memory, space in ((new, "ines"), (theirs, "mine")):
        found = memory.works.list(space)
        assert {work.kind for work in found} == {"import" if kind == "import" else "elsewhere"}
        assert not any(rights_are_known(work, ()) for work in found if work.source != "copy.md")
    theirs.close()


def test_a_newer_export_is_left_alone(export: Path, nobody: Memory) -> None:
    info = export / "bag-info.txt"
    info.write_text(info.read_text().replace("Greenroom-Revision: ", "Greenroom-Revision: 9"))
    seal(export)
    with pytest.raises(BadInput, match="newer Greenroom"):
        nobody.exports.restore(export)


def test_a_bag_that_is_nobodys_is_refused(export: Path, nobody: Memory) -> None:
    info = export / "bag-info.txt"
    whole = info.read_text()
    for name, value in (("Workspace", "../../x"), ("Workspace", ""), ("Exported-At", "yesterday")):
        lines = [f"Greenroom-{name}: {value}" if name in line else line for line in whole.splitlines()]
        info.write_text("\n".join([*lines, ""]))
        seal(export)
        with pytest.raises(Damaged, match="whose export this is"):
            nobody.exports.restore(export)
    assert nothing_in(nobody)


def test_nothing_is_written_over_something_else(memory: Memory, tmp_path: Path) -> None:
    export = out(memory, tmp_path / "export")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.md").write_text("Mine.")
    (tmp_path / "empty").mkdir()
    with pytest.raises(WrongUse, match="something else in it"):
        out(memory, tmp_path / "mine", replace=True)
    with pytest.raises(WrongUse, match="There is an export in"):
        out(memory, export)
    with pytest.raises(WrongUse, match="no folder"):
        out(memory, tmp_path / "mine/letter.md")
    assert not list((export / "data").glob("works/*/*.md"))
    memory.works.remember("ines", [Piece(source="new.md", title="New", body="New.")])
    assert len(list((out(memory, export, replace=True) / "data").glob("works/*/*.md"))) == 1
    assert out(memory, tmp_path / "empty").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "export", "home", "mine"]


def test_an_interrupted_export_leaves_nothing(memory: Memory, clock: Clock, tmp_path: Path) -> None:
    fill(memory, clock)

    def stop(what: str, _done: int, _total: int) -> None:
        if what == "Works":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        out(memory, tmp_path / "export", progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    left = tmp_path / ".export.4194999.partial-x"  # of a process that was killed
    left.mkdir()
    out(memory, tmp_path / "export")
    assert not left.exists()


def test_an_interrupted_import_leaves_nothing(export: Path, new: Memory) -> None:
    def stop(what: str, _done: int, _total: int) -> None:
        if what == "Works":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        new.exports.restore(export, stop)
    assert nothing_in(new)
    new.exports.restore(export)
    assert new.works.count("ines") == 3


def test_a_file_whose_bytes_are_gone_is_named(memory: Memory, tmp_path: Path, clock: Clock) -> None:
    fill(memory, clock)
    [stored] = memory.files.list("ines")
    memory.files.path("ines", stored.sha256).write_bytes(b"other bytes")
    report = memory.exports.make("ines", tmp_path / "export", greenroom="0.1.0")
    assert (report.missing, report.media) == ((stored.sha256,), 0)
    new = other_home(tmp_path, clock)
    assert new.exports.restore(tmp_path / "export").missing_media == 1
    new.close()


def test_into_a_workspace_in_use_works_are_merged_and_history_is_not(
    made: tuple[Memory, Path], tmp_path: Path, clock: Clock
) -> None:
    export = made[1]
    theirs = other_home(tmp_path, clock)
    theirs.workspaces.add(Workspace(id="mine", name="Mine", created_at=NOON))
    theirs.works.remember(
        "mine", [Piece(source="own.md", title="Own", body="My own."), Piece(source="copy.md", body=BODY)]
    )
    clock.pass_by(hours=-2)
    theirs.works.remember("mine", [Piece(source="tin.md", title="The tin", body="What it was at first.")])
    merged = theirs.exports.merge(export, "mine")
    assert merged.merged is not None
    assert merged.merged.model_dump(exclude={"near_duplicates"}) == {
        "imported": 1, "updated": 1, "unchanged": 0, "older": 1, "revoked": 0,
    }  # fmt: skip
    assert merged.media == 1
    assert "person:Marit Vik" in merged.notes[1]
    tin = theirs.works.by_source("mine", "tin.md")
    assert tin is not None and tin.body.endswith("A later line.") and tin.version == 2
    assert theirs.ledger.verify().entries == 0
    assert theirs.proposals.list("mine") == []
    again = theirs.exports.merge(export, "mine").merged
    assert again is not None
    assert (again.imported, again.updated, again.unchanged, again.older) == (0, 0, 2, 1)
    theirs.close()


def test_a_work_that_nobody_may_use_is_not_merged(memory: Memory, tmp_path: Path, clock: Clock) -> None:
    fill(memory, clock)
    work = memory.works.by_source("ines", "tin.md")
    [picture] = memory.files.list("ines")
    assert work is not None
    memory.consents.say("ines", f"work:{work.id}", granted=False, by="Ines")
    memory.consents.say("ines", f"file:{picture.sha256}", granted=False, by="Ines")
    theirs = other_home(tmp_path, clock)
    theirs.workspaces.add(Workspace(id="mine", name="Mine", created_at=NOON))
    done = theirs.exports.merge(out(memory, tmp_path / "export"), "mine")
    assert done.merged is not None and (done.merged.imported, done.merged.revoked, done.media) == (2, 1, 0)
    assert theirs.works.by_source("mine", "tin.md") is None
    theirs.close()


def test_other_workspaces_stay_out_of_it(memory: Memory, tmp_path: Path, clock: Clock) -> None:
    memory.workspaces.add(Workspace(id="theirs", name="Theirs", created_at=NOON))
    memory.works.remember("theirs", [Piece(source="secret.md", title="Secret", body="Nobody else's business.")])
    memory.consents.say("theirs", "person:Secret Person", granted=False, by="Tomas")
    fill(memory, clock)
    export = out(memory, tmp_path / "export")
    plain = b"".join(files_of(export, below=".").values())
    assert b"Nobody else" not in plain and b"Secret Person" not in plain and b"theirs" not in plain
    check = memory.exports.check(export)
    assert (check.withheld, check.ledger_entries) == (1, memory.ledger.verify().entries)
    new = other_home(tmp_path, clock)
    with pytest.raises(BadInput, match="can't go on here"):
        new.exports.restore(export)
    assert new.workspaces.list() == []
    new.workspaces.add(Workspace(id="mine", name="Mine", created_at=NOON))
    assert new.exports.merge(export, "mine").merged.imported == 3
    new.close()


def test_a_home_that_decided_something_keeps_its_ledger(made: tuple[Memory, Path], new: Memory) -> None:
    new.workspaces.add(Workspace(id="other", name="Other", created_at=NOON))
    new.consents.say("other", "person:Ada", granted=False, by="Tomas")
    assert not new.exports.can_restore("ines")
    with pytest.raises(WrongUse, match="not empty any more"):
        new.exports.restore(made[1])


def test_it_is_one_moment_while_others_write(memory: Memory, tmp_path: Path, clock: Clock) -> None:
    fill(memory, clock)

    def write(what: str, done: int, _total: int) -> None:
        if (what, done) == ("Rows", 1):
            memory.works.remember("ines", [Piece(source="meanwhile.md", title="Meanwhile", body="Written meanwhile.")])

    export = out(memory, tmp_path / "export", progress=write)
    names = {row["source"] for row in rows(export, "works")}
    assert memory.works.count("ines") == 4
    assert "meanwhile.md" not in names
    assert len(list((export / "data/works").glob("[!v]*/*.md"))) == 3
