"""An import as it goes on: how far it is, what a cut-off one keeps, and archives among other files."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random

import numpy as np
import pytest

from core.works import Workspace
from memory import Memory
from memory.embedding.port import Vectors
from memory.importers import Reading, collect
from tests.memory.conftest import NOON
from tests.memory.importers.packing import left_out, script, unpacked, zipped
from tests.memory.importers.test_mastodon import archive as mastodon
from tests.memory.importers.test_mastodon import create
from tests.memory.importers.test_x_archive import archive as x_archive
from tests.memory.importers.test_x_archive import tweet


def rows(count: int) -> str:
    return "\n".join(json.dumps({"id": n, "text": f"Row {n}. " + "word " * 200}) for n in range(count))


def test_tells_how_far_it_is_while_one_large_archive_is_read(tmp_path: Path) -> None:
    words = Random(0)  # words that differ: what repeats itself a thousand times is taken for a zip bomb
    said = (" ".join(f"w{words.getrandbits(40):x}" for _ in range(200)) for _ in range(900))
    posts = [create(n % 60, f"<p>{each}</p>", id=f"https://t.example/{n}") for n, each in enumerate(said)]
    path = zipped(tmp_path / "a.zip", mastodon(*posts))
    told: list[tuple[int, int]] = []
    reading = Reading([path], tell=lambda done, total: told.append((done, total)))
    first = next(iter(reading))
    assert first.format == "mastodon"
    assert len(told) > 10  # before the first piece: threads are joined when all was read
    assert {total for _, total in told} == {100}
    assert [done for done, _ in told] == sorted({done for done, _ in told})


def test_ends_at_a_hundred_percent_over_files_of_every_kind(tmp_path: Path) -> None:
    unpacked(
        tmp_path, {"a.md": "A. " * 500, "b.jsonl": rows(30), "c/tweets.js": script("tweets", 0, [tweet(1, "One.")])}
    )
    zipped(tmp_path / "d.zip", {"e.md": "E. " * 500})
    told: list[int] = []
    assert len(list(Reading([tmp_path], tell=lambda done, _total: told.append(done)))) == 33
    assert told[-1] == 100


def test_an_import_that_was_cut_off_goes_on(tmp_path: Path) -> None:
    from app.importing import import_paths

    path = zipped(tmp_path / "a.zip", {"rows.jsonl": rows(250)})
    memory = Memory.open(tmp_path / "home", embedder=FakeEmbedder())
    memory.workspaces.add(Workspace(id="tide", name="Tide", created_at=NOON))

    class CutOff(BaseException):
        pass

    class Counting:
        kept = 0

    remember = memory.works.remember

    def remember_until(space, pieces, **more):
        if Counting.kept >= 200:
            raise CutOff
        result = remember(space, pieces, **more)
        Counting.kept += result.imported
        return result

    def run():
        return import_paths(memory, "tide", [path], since=None, as_of=None, by="owner", tell=lambda *_: None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory.works, "remember", remember_until)
        with pytest.raises(CutOff):
            run()
    assert memory.works.count("tide") == 200
    report = run()
    assert (report.imported, report.unchanged, report.works) == (50, 200, 250)
    again = run()
    assert (again.imported, again.updated, again.unchanged) == (0, 0, 250)
    memory.close()


IMPORTS = """
import sys
from pathlib import Path
from app.importing import import_paths
from core.works import Workspace
from memory import Memory
from tests.memory.conftest import NOON
from tests.memory.importers.test_reading import FakeEmbedder
memory = Memory.open(Path(sys.argv[1]), embedder=FakeEmbedder())
if not memory.workspaces.list():
    memory.workspaces.add(Workspace(id="tide", name="Tide", created_at=NOON))
report = import_paths(memory, "tide", [Path(sys.argv[2])], since=None, as_of=None, by="owner", tell=lambda *_: None)
print(report.imported, report.updated, report.unchanged, report.works)
memory.close()
"""


def test_an_import_that_was_killed_goes_on_and_has_nothing_twice(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"rows.jsonl": rows(600)})
    call = [sys.executable, "-c", IMPORTS, str(tmp_path / "home"), str(path)]
    with subprocess.Popen(call) as child:
        until = time.monotonic() + 60
        while kept(tmp_path / "home") < 100 and child.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        child.kill()
    assert child.returncode == -signal.SIGKILL
    before = kept(tmp_path / "home")
    assert 100 <= before < 600
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(600 - before), "0", str(before), "600"]
    with closing(sqlite3.connect(tmp_path / "home" / "greenroom.db")) as raw:
        counted = "SELECT count(DISTINCT source), count(*), max(version) FROM works"
        assert raw.execute(counted).fetchone() == (600, 600, 1)
        whole = "SELECT count(*) FROM works w WHERE NOT EXISTS (SELECT 1 FROM passages p WHERE p.work_id = w.id)"
        assert raw.execute(whole).fetchone() == (0,)


def kept(home: Path) -> int:
    """How many works another process has committed by now."""
    try:
        with closing(sqlite3.connect(f"file:{home}/greenroom.db?mode=ro", uri=True)) as raw:
            return int(raw.execute("SELECT count(*) FROM works").fetchone()[0])
    except sqlite3.OperationalError:  # it is not there yet
        return 0


class FakeEmbedder:
    """A fake embedding model: every text points the same way, since nothing here is searched."""

    name, dim = "fake", 4

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.tile(np.array([1, 0, 0, 0], dtype=np.float32), (len(texts), 1))


def test_services_archives_are_found_among_other_files(tmp_path: Path) -> None:
    unpacked(tmp_path / "all/x", x_archive([tweet(1, "From X.")]))
    unpacked(tmp_path / "all/masto", mastodon(create(1, "<p>From Mastodon.</p>")))
    zipped(tmp_path / "all/later.zip", {f"deep/x/{n}": c for n, c in x_archive([tweet(2, "Zipped.")]).items()})
    unpacked(
        tmp_path / "all", {"note.md": "A note.", "x/own.md": "Mine, beside the archive.", "x/data/prices.csv": "a\n"}
    )
    harvest = collect([tmp_path / "all"])
    assert harvest.failed == []
    assert [piece.body for piece in harvest.pieces] == [
        "From X.", "From Mastodon.", "Zipped.", "A note.", "Mine, beside the archive.",
    ]  # fmt: skip


def test_the_same_post_in_two_archives_is_one_piece_and_said_so(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", x_archive([tweet(1, "One.")]))
    zipped(tmp_path / "b.zip", x_archive([tweet(1, "One."), tweet(2, "Two.")]))
    harvest = collect([tmp_path])
    assert [piece.source for piece in harvest.pieces] == ["x:1", "x:2"]
    ((where, reason),) = harvest.failed
    assert where == f"{tmp_path}/b.zip (x:1)"
    assert reason.startswith(f"has the same name in this import as {tmp_path}/a.zip")


def test_dates_bound_archives_too(tmp_path: Path) -> None:
    from datetime import date

    path = zipped(tmp_path / "a.zip", x_archive([tweet(1, "One."), tweet(2, "RT @leif: x")]))
    harvest = collect([path], since=date(2025, 1, 1))
    assert (harvest.pieces, harvest.outside, left_out(harvest)) == ([], 1, {"reposts of others": 1})
