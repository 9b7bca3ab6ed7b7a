"""A receipt can be checked, by anybody; a process that dies in forgetting leaves nothing half done."""

import copy
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import BadInput
from core.works import Piece, Workspace
from memory import Memory
from memory.forgetting import Wish
from tests.memory.conftest import NOON
from tests.memory.test_forgetting import MARKER, Letters, work_id
from tests.memory.traces import traces


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def memory(home: Path) -> Iterator[Memory]:
    memory = Memory.open(home, embedder=Letters(), clock=lambda: NOON)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    memory.works.remember("ines", [Piece(source="lamp", title="The brass lamp", body=f"{MARKER}.")])
    memory.works.remember("ines", [Piece(source="other", title="Other", body="Another one, of the tides.")])
    yield memory
    memory.close()


def test_a_receipt_is_signed_and_says_no_word(memory: Memory, home: Path) -> None:
    wish = Wish(kind="work", workspace="ines", works=(work_id(memory),))
    signed = memory.forgetting.forget(wish, by="owner")
    assert memory.forgetting.check(signed).model_dump() == {
        "ok": True, "ours": True, "in_ledger": True, "id": signed["receipt"]["id"],
    }  # fmt: skip
    assert not any(word in str(signed) for word in ("lamp", "Ines", "lighthouse", "herring", "Qzvoxjk"))
    assert stat.S_IMODE((home / "keys" / "receipt.key").stat().st_mode) == 0o600
    assert memory.forgetting.of_work("ines", work_id_of(signed)) == signed


def work_id_of(signed: dict[str, dict[str, str]]) -> str:
    return signed["receipt"]["work_id"]


def test_a_changed_receipt_or_another_homes_is_told_apart(memory: Memory, tmp_path: Path) -> None:
    signed = memory.forgetting.forget(Wish(kind="work", workspace="ines", works=(work_id(memory),)), by="owner")
    changed = copy.deepcopy(signed)
    changed["receipt"]["removed"]["works"] = 7
    assert not memory.forgetting.check(changed).ok
    elsewhere = Memory.open(tmp_path / "elsewhere", clock=lambda: NOON)
    checked = elsewhere.forgetting.check(signed)
    assert (checked.ok, checked.ours, checked.in_ledger) == (True, False, False)
    elsewhere.close()
    for nothing in (
        {},
        [],
        {**signed, "signature": "zz"},
        {**signed, "public_key": "00"},
        {**signed, "receipt": {1, 2}},
    ):
        with pytest.raises(BadInput):
            memory.forgetting.check(nothing)


KILLED = """
import os, signal, sys
from pathlib import Path
from memory import Memory
from memory.forgetting import Wish
from memory.forgetting.forgettings import Forgetting
from memory.forgetting.places import Places
home, work, where = sys.argv[1:]
def die(*_args, **_more): os.kill(os.getpid(), signal.SIGKILL)
do = Places.do
if where == "before the commit": Forgetting._note = die
else: Places.do = lambda self, step, *more: die() if step == where else do(self, step, *more)
Memory.open(Path(home)).forgetting.forget(Wish(kind="work", workspace="ines", works=(work,)), by="owner")
"""


@pytest.mark.parametrize("where", ["before the commit", "threads", "scrub"])
def test_whoever_comes_after_a_kill_goes_on(where: str, memory: Memory, home: Path) -> None:
    forgotten = work_id(memory)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(home), forgotten, where], check=False)
    assert killed.returncode == -signal.SIGKILL
    if where == "before the commit":
        assert memory.works.get("ines", forgotten).id == forgotten
        assert memory.forgetting.unfinished() == []
        memory.forget("ines", forgotten)
    else:
        assert len(memory.forgetting.unfinished()) == 1
        [signed] = memory.forgetting.finish()
        assert signed["receipt"]["pending"] == []
    assert traces(home, (MARKER, "Qzvoxjk")) == []
    assert memory.forgetting.finish() == []
    assert memory.ledger.verify().ok
    assert memory.works.count("ines") == 1
