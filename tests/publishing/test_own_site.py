"""The own site as a folder: what follows from the posts is right, whole, and never torn."""

import json
import threading
import xml.etree.ElementTree as ET
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import Rejected
from memory import Memory
from publishing import Desk
from publishing.platforms.site import FolderSite
from tests.publishing.making import INES, Clock, approved

ATOM = "{http://www.w3.org/2005/Atom}"


def publish(memory: Memory, desk: Desk, clock: Clock, **wanted: Any) -> dict[str, Any]:
    made, decision = approved(memory, **wanted)
    desk.enqueue(made, decision)
    assert len(desk.publish_due("ines").published) == 1
    clock.pass_by(minutes=1)
    return made.payload


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "site" / "ines"


def test_index_archive_tags_and_feeds_follow_from_the_posts(
    memory: Memory, desk: Desk, clock: Clock, folder: Path
) -> None:
    old = publish(memory, desk, clock, title="First & <last>", tags=("Harbours",))
    new = publish(memory, desk, clock, title="Second", tags=("harbours", "tins"))
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {name for name in names if not name.startswith("assets/")} == {
        *(
            f"{Path(each['path']).parent.as_posix()}/{name}"
            for each in (old, new)
            for name in ("index.html", "provenance.json")
        ),
        "index.html",
        "archive/index.html",
        "tags/harbours/index.html",
        "tags/tins/index.html",
        "feed.xml",
        "feed.json",
    }
    front = (folder / "index.html").read_text()
    assert front.index("Second") < front.index("First &amp; &lt;last&gt;")
    assert all(f'href="{each["path"]}"' in front for each in (old, new))
    assert "../../posts/" in (folder / "tags/harbours/index.html").read_text()


def test_feeds_parse_and_carry_the_same_stable_ids(memory: Memory, desk: Desk, clock: Clock, folder: Path) -> None:
    first = publish(memory, desk, clock, title="First \x0b & <last>", text="A & B <i>\x0b")
    second = publish(memory, desk, clock, title="Second")
    atom = ET.fromstring((folder / "feed.xml").read_bytes())
    entries = atom.findall(f"{ATOM}entry")
    items = json.loads((folder / "feed.json").read_text())["items"]
    ids = [second["guid"], first["guid"]]
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == ids == [item["id"] for item in items]
    assert entries[1].findtext(f"{ATOM}title") == "First & <last>"
    assert entries[1].findtext(f"{ATOM}content") == first["html"].replace("\x0b", "")
    assert [entry.findtext(f"{ATOM}published") for entry in entries] == ["2026-11-20T12:01:00Z", "2026-11-20T12:00:00Z"]
    assert atom.findtext(f"{ATOM}updated") == "2026-11-20T12:01:00Z"
    assert items[0]["content_html"] == second["html"]


def test_an_address_makes_feeds_absolute_and_brings_a_sitemap(
    memory: Memory, desk: Desk, clock: Clock, folder: Path
) -> None:
    payload = publish(memory, desk, clock, title="Тихая гавань")
    memory.workspaces.replace(INES.model_copy(update={"site_url": "https://tide.example"}))
    desk.publish_due()
    item = json.loads((folder / "feed.json").read_text())["items"][0]
    entry = ET.fromstring((folder / "feed.xml").read_bytes()).find(f"{ATOM}entry/{ATOM}link")
    sitemap = ET.fromstring((folder / "sitemap.xml").read_bytes())
    assert item["url"].startswith("https://tide.example/posts/%D1%82%D0%B8")
    assert entry is not None
    assert entry.get("href") == item["url"]
    assert item["url"] in [loc.text for loc in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert (folder / payload["path"]).read_bytes() == payload["page"].encode()


def test_a_failing_index_never_touches_the_publication(
    memory: Memory, desk: Desk, site: FolderSite, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, decision = approved(memory)
    desk.enqueue(made, decision)
    desk.publish_due()
    other, two = approved(memory, title="Second")
    desk.enqueue(other, two)

    def full(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(site, "_replace", full)
        report = desk.publish_due()
    assert [each.proposal_id for each in report.published] == [other.id]
    assert "no space left" in report.notes[0]
    assert desk.publish_due().notes == ()
    assert "Second" in (folder / "index.html").read_text()


def test_a_removed_post_leaves_index_and_tags_with_the_next_rebuild(
    memory: Memory, desk: Desk, clock: Clock, folder: Path
) -> None:
    gone = publish(memory, desk, clock, title="Gone", tags=("old",))
    (folder / gone["path"]).unlink()
    publish(memory, desk, clock, title="New", tags=("new",))
    assert "Gone" not in (folder / "index.html").read_text() + (folder / "feed.json").read_text()
    assert sorted(path.name for path in (folder / "tags").iterdir()) == ["new"]


def test_an_update_of_a_piece_replaces_its_page_and_keeps_its_guid(
    memory: Memory, desk: Desk, clock: Clock, folder: Path
) -> None:
    first = publish(memory, desk, clock, key="k", text="one")
    second = publish(memory, desk, clock, key="k", text="two")
    assert (first["path"], first["guid"]) == (second["path"], second["guid"])
    assert (folder / first["path"]).read_bytes() == second["page"].encode()
    assert len(json.loads((folder / "feed.json").read_text())["items"]) == 1


def test_another_piece_at_the_same_address_is_refused(memory: Memory, desk: Desk, clock: Clock, folder: Path) -> None:
    payload = publish(memory, desk, clock)
    sidecar = (folder / payload["path"]).with_name("provenance.json")
    record = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps({**record, "post": {**record["post"], "guid": "urn:uuid:other"}}))
    made, decision = approved(memory, key=payload["path"])
    again = made.model_copy(update={"payload": payload})
    with pytest.raises(Rejected, match="already lives"):
        FolderSite(folder.parent).send(
            {"workspace": "ines", "payload": again.payload, "key": payload["guid"], "url": "", "provenance": record}
        )
    assert decision.verb == "approve"


@pytest.mark.parametrize(
    "path",
    [
        "../x/index.html",
        "posts/../../x/index.html",
        "/etc/x",
        "posts/a/b/index.html",
        "posts/../index.html",
        "posts/.x/index.html",
        "posts//index.html",
        "index.html",
    ],
)
def test_writes_nowhere_but_in_posts(tmp_path: Path, path: str) -> None:
    site = FolderSite(tmp_path / "site")
    with pytest.raises(Rejected):
        site.send(
            {"workspace": "ines", "payload": {"path": path, "page": "x"}, "key": "g", "url": "", "provenance": {}}
        )
    assert not (tmp_path / "site").exists()


def test_does_not_follow_a_link_out_of_its_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "site" / "ines").mkdir(parents=True)
    (tmp_path / "site" / "ines" / "posts").symlink_to(outside)
    with pytest.raises(Rejected, match="out of"):
        FolderSite(tmp_path / "site").send(
            {
                "workspace": "ines",
                "payload": {"path": "posts/a/index.html", "page": "x"},
                "key": "g",
                "url": "",
                "provenance": {},
            }
        )
    assert list(outside.iterdir()) == []


def test_two_workers_at_once_lose_nothing_and_tear_nothing(memory: Memory, clock: Clock, folder: Path) -> None:
    for number in range(12):
        made, decision = approved(memory, title=f"Piece {number}", key=str(number))
        Desk(memory, {}, clock).enqueue(made, decision)
    desks = [Desk(memory, {"site": FolderSite(folder.parent)}, clock) for _ in range(3)]
    torn: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                if (folder / "feed.xml").exists():
                    ET.fromstring((folder / "feed.xml").read_bytes())
            except Exception as error:
                torn.append(error)

    reader = threading.Thread(target=read)
    workers = [threading.Thread(target=desk.publish_due) for desk in desks]
    reader.start()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    desks[0].publish_due()
    done.set()
    reader.join()
    assert torn == []
    assert {each.state for each in memory.publications.list("ines")} == {"published"}
    assert {each.attempts for each in memory.publications.list("ines")} == {1}
    assert len(json.loads((folder / "feed.json").read_text())["items"]) == 12


def test_grows_no_stray_files_in_the_served_folder(memory: Memory, desk: Desk, clock: Clock, folder: Path) -> None:
    publish(memory, desk, clock)
    assert [path for path in folder.rglob("*") if path.name.startswith(".") or path.suffix in (".tmp", ".lock")] == []
    assert (folder / "assets" / "fonts" / "OFL.txt").exists()
    clock.pass_by(seconds=timedelta(days=1).total_seconds())
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    desk.publish_due()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
