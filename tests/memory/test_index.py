import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import delete, func, select

from core.works import Piece, Workspace
from memory import Memory
from memory.index.lock import IndexLock
from memory.tables import indexed, passages, vectors
from tests.memory.archive import SUBJECTS, HashedWords, pieces
from tests.memory.making import NOON

QUERIES = [
    " ".join(Random(number).sample(" ".join(SUBJECTS.values()).split(), 1 + number % 7)) for number in range(200)
]


@pytest.fixture
def open_memory(tmp_path: Path) -> Iterator[Callable[[], Memory]]:
    """Open the same home as often as asked, each time as another process would."""
    opened: list[Memory] = []

    def open_it() -> Memory:
        memory = Memory.open(tmp_path / "home", embedder=HashedWords(), clock=lambda: NOON)
        if not memory.workspaces.list():
            memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
        opened.append(memory)
        return memory

    yield open_it
    for memory in opened:
        memory.close()


@pytest.fixture
def filled(open_memory: Callable[[], Memory]) -> Memory:
    memory = open_memory()
    memory.works.remember("ines", pieces(40))
    memory.index.bring_up_to_date("ines")
    return memory


def answers(memory: Memory, queries: int = 40) -> list[list[tuple[str, float]]]:
    return [[(work.work_id, work.score) for work in memory.recall("ines", query, k=25)] for query in QUERIES[:queries]]


def uses_chroma(memory: Memory) -> bool:
    from memory.index.vectors import fingerprint

    with memory._database.read() as conn:
        state = fingerprint(conn, "ines")
    return memory.index.nearest("ines", state, HashedWords().embed(["tides"])[0], 5) is not None


def count(memory: Memory, table: str) -> int:
    with memory._database.read() as conn:
        return conn.scalar(select(func.count()).select_from({"indexed": indexed, "vectors": vectors}[table])) or 0


def run(code: str, home: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(home), *arguments],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


# what is embedded


def test_embeds_passages_and_headings_once(filled: Memory) -> None:
    embedder = filled.embedder
    assert isinstance(embedder, HashedWords)
    assert len(embedder.embedded) == len(set(embedder.embedded)) == count(filled, "vectors")
    before = len(embedder.embedded)
    assert filled.index.bring_up_to_date("ines") == 0
    assert len(embedder.embedded) == before


def test_only_what_changed_is_embedded_again(filled: Memory) -> None:
    [first, *_] = pieces(40)
    filled.works.remember("ines", [first.model_copy(update={"body": "Something else altogether."})])
    assert filled.index.pending_count("ines") == 1
    assert filled.index.bring_up_to_date("ines") == 1
    assert filled.index.pending_count("ines") == 0


def test_an_interrupted_run_goes_on_where_it_was(
    open_memory: Callable[[], Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memory.index.vectors.COMMIT_EVERY", 8)
    memory = open_memory()
    memory.works.remember("ines", pieces(20))

    def stop(done: int, total: int) -> None:
        if done >= 16:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        memory.index.bring_up_to_date("ines", stop)
    assert count(memory, "vectors") == 16
    steps: list[tuple[int, int]] = []
    new = memory.index.bring_up_to_date("ines", lambda done, total: steps.append((done, total)))
    assert steps[0] == (0, new) and steps[-1] == (new, new)
    assert count(memory, "vectors") == 16 + new


def test_recall_finds_by_words_what_has_no_vector_yet(open_memory: Callable[[], Memory]) -> None:
    memory = open_memory()
    memory.works.remember("ines", pieces(6))
    assert memory.index.pending_count("ines") > 0
    assert memory.recall("ines", "spoke key", k=1)[0].title == "On bicycles, part 2"


# Chroma as a projection


def test_the_holder_asks_chroma_and_another_process_asks_sql_with_the_same_answers(
    filled: Memory, open_memory: Callable[[], Memory]
) -> None:
    other = open_memory()
    assert uses_chroma(filled) and not uses_chroma(other)
    assert answers(filled) == answers(other)


def test_a_rebuilt_index_gives_the_same_top_25(filled: Memory, tmp_path: Path) -> None:
    before = answers(filled, len(QUERIES))
    shutil.rmtree(tmp_path / "home" / "chroma")
    assert filled.index.rebuild("ines") == count(filled, "indexed")
    assert uses_chroma(filled)
    assert answers(filled, len(QUERIES)) == before


def test_one_collection_for_each_workspace_and_model_with_ids_and_vectors_only(filled: Memory) -> None:
    from chromadb import PersistentClient

    filled.workspaces.add(Workspace(id="tomas", name="Tomas", created_at=NOON))
    filled.works.remember("tomas", pieces(5, prefix="t-"))
    filled.index.bring_up_to_date("tomas")
    held = {}
    for folder in (filled.home / "chroma").glob("*/index-*"):
        filled.index.close()
        client = PersistentClient(path=str(folder))
        [collection] = client.list_collections()
        held[collection.name] = collection.get(include=["metadatas", "documents"])
        client.close()
    with filled._database.read() as conn:
        rows = conn.execute(select(passages.c.workspace, passages.c.id)).all()
    assert len(held) == 2
    for workspace in ("ines", "tomas"):
        [got] = [got for name, got in held.items() if name.startswith(f"{workspace}--hashed-words")]
        assert set(got["ids"]) == {row.id for row in rows if row.workspace == workspace}
        assert set(got["metadatas"]) == set(got["documents"]) == {None}


def test_removed_passages_leave_chroma(filled: Memory) -> None:
    work = filled.works.list("ines")[0]
    gone = {passage.id for passage in filled.works.passages_of(work.id)}
    filled.forget("ines", work.id)
    filled.index.bring_up_to_date("ines")
    with filled._database.read() as conn:
        assert not gone & set(conn.scalars(select(indexed.c.passage_id)))
    assert uses_chroma(filled)
    assert work.id not in {found for answer in answers(filled) for found, _ in answer}


def test_a_forgotten_vector_leaves_the_disk_also_when_another_process_forgot_it(
    filled: Memory, open_memory: Callable[[], Memory]
) -> None:
    filled.works.remember(
        "ines", [Piece(source="secret.md", title="Secret", body="Nobody may know of the lighthouse.")]
    )
    filled.index.bring_up_to_date("ines")
    filled.index.close()  # writes everything out
    work = filled.works.by_source("ines", "secret.md")
    assert work is not None
    secret = HashedWords().embed([f"Secret\n\n{work.body}"])[0].tobytes()
    assert any(secret in data for data in chroma_files(filled))
    filled.index.bring_up_to_date("ines")
    open_memory().forget("ines", work.id)
    filled.index.bring_up_to_date("ines")
    assert uses_chroma(filled)
    filled.index.close()
    assert chroma_files(filled)
    assert not any(secret in data for data in chroma_files(filled))


def chroma_files(memory: Memory) -> list[bytes]:
    return [path.read_bytes() for path in (memory.home / "chroma").rglob("*") if path.is_file()]


def test_a_new_work_is_found_before_chroma_has_it(filled: Memory) -> None:
    new = Piece(source="new.md", title="On saffron", body="Saffron is picked before sunrise, thread by thread.")
    filled.works.remember("ines", [new])
    assert not uses_chroma(filled)
    assert filled.recall("ines", "saffron threads", k=1)[0].title == "On saffron"
    filled.index.bring_up_to_date("ines")
    assert uses_chroma(filled)
    assert filled.recall("ines", "saffron threads", k=1)[0].title == "On saffron"


# damage


def sealed_folder(memory: Memory) -> Path:
    memory.close()
    [folder] = (memory.home / "chroma").glob("ines-*/index-*")
    return folder


def test_a_closed_index_is_opened_again_as_it_is(filled: Memory, open_memory: Callable[[], Memory]) -> None:
    folder = sealed_folder(filled)
    again = open_memory()
    again.index.bring_up_to_date("ines")
    assert uses_chroma(again)
    assert folder.is_dir()


def _delete_all(folder: Path) -> None:
    shutil.rmtree(folder.parent.parent)


def _delete_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def _overwrite_database(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(Random(1).randbytes(50_000))


def _overwrite_graph(folder: Path) -> None:
    for path in folder.rglob("*.bin"):
        path.write_bytes(Random(1).randbytes(path.stat().st_size))


def _delete_graph(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)


def _break_pointer(folder: Path) -> None:
    (folder.parent / "current").write_bytes(b"\xff../../elsewhere")


@pytest.mark.parametrize(
    "damage", [_delete_all, _delete_folder, _overwrite_database, _overwrite_graph, _delete_graph, _break_pointer]
)
def test_a_damaged_index_is_made_anew_from_sql(
    filled: Memory, open_memory: Callable[[], Memory], damage: Callable[[Path], None]
) -> None:
    before = answers(filled)
    folder = sealed_folder(filled)
    damage(folder)
    again = open_memory()
    assert answers(again) == before
    again.index.bring_up_to_date("ines")
    assert uses_chroma(again)
    assert answers(again) == before
    assert not folder.exists()


def test_an_index_that_was_not_closed_in_order_is_made_anew(tmp_path: Path, open_memory: Callable[[], Memory]) -> None:
    memory = open_memory()
    memory.works.remember("ines", pieces(20))
    memory.index.bring_up_to_date("ines")
    memory.index.close()
    holder = run(HOLD, tmp_path / "home")
    assert holder.stdout and holder.stdout.readline() == "held\n"
    [folder] = (tmp_path / "home" / "chroma").glob("ines-*/index-*")
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    memory.index.bring_up_to_date("ines")
    assert uses_chroma(memory)
    assert not folder.exists()


def test_a_failing_chroma_is_never_the_users_error(
    filled: Memory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = answers(filled)

    def breaks(*_: object) -> None:
        raise RuntimeError("Error executing plan")

    monkeypatch.setattr("memory.index.chroma.Collection.nearest", breaks)
    with caplog.at_level(logging.WARNING):
        assert answers(filled) == before
    assert "SQL is searched instead" in caplog.text
    monkeypatch.undo()
    filled.index.bring_up_to_date("ines")
    assert uses_chroma(filled)


def test_a_count_that_is_off_is_put_right(filled: Memory) -> None:
    with filled._database.write() as conn:
        conn.execute(delete(indexed).where(indexed.c.passage_id.in_(select(indexed.c.passage_id).limit(7))))
    before = answers(filled)
    filled.index.bring_up_to_date("ines")
    assert uses_chroma(filled)
    assert answers(filled) == before


# the lock


HOLD = """
import sys, time
from pathlib import Path
from memory import Memory
from tests.memory.archive import HashedWords
memory = Memory.open(Path(sys.argv[1]), embedder=HashedWords())
memory.index.bring_up_to_date("ines")
assert memory.index.holder() is not None
print("held", flush=True)
while line := sys.stdin.readline():
    if line == "index\\n":
        memory.index.bring_up_to_date("ines")
        print("indexed", flush=True)
memory.close()
"""


def test_the_lock_names_its_holder_and_frees_itself_when_the_holder_dies(tmp_path: Path) -> None:
    memory = Memory.open(tmp_path / "home")
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    memory.close()
    holder = run(HOLD, tmp_path / "home")
    assert holder.stdout and holder.stdout.readline() == "held\n"
    lock = IndexLock(tmp_path / "home" / "chroma")
    named = lock.holder()
    assert named is not None and named.pid == holder.pid and named.command == "-c"
    assert not lock.acquire()
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert lock.holder() is None
    assert lock.acquire()
    mine = lock.holder()
    assert mine is not None and mine.pid == os.getpid()
    lock.release()
    assert lock.holder() is None


def test_a_process_without_the_lock_leaves_chroma_alone(filled: Memory, open_memory: Callable[[], Memory]) -> None:
    other = open_memory()
    other.works.remember("ines", pieces(3, prefix="new-"))
    assert other.index.bring_up_to_date("ines") > 0
    assert other.index.rebuild("ines") == 0
    assert other.index.pending_count("ines") == 0
    assert not uses_chroma(other)
    filled.index.bring_up_to_date("ines")
    assert uses_chroma(filled)
    assert answers(filled) == answers(other)


IMPORT = """
import sys
from pathlib import Path
from memory import Memory
from tests.memory.archive import HashedWords, pieces
memory = Memory.open(Path(sys.argv[1]), embedder=HashedWords())
for first in range(40, int(sys.argv[2]), 20):
    memory.works.remember("ines", pieces(first + 20)[first:])
    memory.index.bring_up_to_date("ines")
memory.close()
"""

RECALL = """
import json, sys
from pathlib import Path
from memory import Memory
from tests.memory.archive import SUBJECTS, HashedWords
memory = Memory.open(Path(sys.argv[1]), embedder=HashedWords())
for round in range(int(sys.argv[2])):
    for subject in SUBJECTS:
        found = memory.recall("ines", subject, k=40)
        assert all(subject in work.title for work in found[:6]), [work.title for work in found]
        assert len(found) >= 40 and all(work.passages for work in found)
print(json.dumps([work.work_id for work in memory.recall("ines", "tides", k=25)]))
memory.close()
assert "chromadb" not in sys.modules  # a process that only reads an index can destroy it
"""


# `HAMMER=50 pytest -k hammer` keeps at it for minutes; each round is one import of twenty works beside two readers.
HAMMER = int(os.environ.get("HAMMER", "3"))


def test_hammer_imports_in_one_process_while_two_others_recall_beside_a_server(filled: Memory, tmp_path: Path) -> None:
    home = tmp_path / "home"
    filled.index.close()
    server = run(HOLD, home)
    assert server.stdout and server.stdin and server.stdout.readline() == "held\n"
    works, rounds = 40 + 20 * HAMMER, str(2 * HAMMER)
    others = [run(IMPORT, home, str(works)), run(RECALL, home, rounds), run(RECALL, home, rounds)]
    while any(process.poll() is None for process in others):
        server.stdin.write("index\n")
        server.stdin.flush()
        assert server.stdout.readline() == "indexed\n"
    for process in others:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    _, errors = server.communicate()
    assert server.returncode == 0, errors
    last = run(RECALL, home, "1")
    output, errors = last.communicate()
    assert last.returncode == 0, errors
    filled.index.bring_up_to_date("ines")
    assert uses_chroma(filled)
    assert filled.works.count("ines") == works
    assert filled.index.pending_count("ines") == 0
    assert {work.title for subject in SUBJECTS for work in filled.recall("ines", subject, k=works)} == {
        piece.title for piece in pieces(works)
    }
    assert [work.work_id for work in filled.recall("ines", "tides", k=25)] == json.loads(output)


# a shared server


@pytest.fixture
def chroma_url(tmp_path: Path) -> Iterator[str]:
    import socket
    import time

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", str(tmp_path / "server")]
    server = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(300):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


def test_a_chroma_server_serves_two_homes_without_mixing_them(tmp_path: Path, chroma_url: str) -> None:
    memories = []
    for name, taken in (("one", pieces(20)), ("two", pieces(30))):
        memory = Memory.open(tmp_path / name, embedder=HashedWords(), chroma_url=chroma_url, clock=lambda: NOON)
        memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
        memory.works.remember("ines", taken)
        memory.index.bring_up_to_date("ines")
        memories.append(memory)
    embedded = Memory.open(tmp_path / "two", embedder=HashedWords(), clock=lambda: NOON)
    assert all(uses_chroma(memory) for memory in memories)
    assert answers(memories[1]) == answers(embedded)
    assert memories[0].index.rebuild("ines") == 20
    assert memories[0].index.holder() is None
    assert not (tmp_path / "one" / "chroma" / "index.lock").exists()
    for memory in (*memories, embedded):
        memory.close()
