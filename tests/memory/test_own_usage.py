from pathlib import Path

from core.works import Piece, Workspace
from memory import Memory
from tests.memory.archive import HashedWords
from tests.memory.making import NOON

BODY = "We gaff the sail. They gaff it again. You must gaff the peak. I gaff the boat. To gaff it is quick. "


def test_words_are_learnt_from_works_whose_consent_stands(tmp_path: Path) -> None:
    memory = Memory.open(tmp_path / "home", embedder=HashedWords(), clock=lambda: NOON)
    for name in ("ines", "tomas"):
        memory.workspaces.add(Workspace(id=name, name=name, created_at=NOON))
    memory.works.remember("ines", [Piece(source="a.md", title="Rigging", body=BODY)])
    assert memory.own_usage("ines").verbal("gaff") > 1
    assert memory.own_usage("ines") is memory.own_usage("ines")
    assert memory.own_usage("tomas").texts == 0
    memory.works.remember(
        "ines", [Piece(source="b.md", title="Sails", body="The gaff. A gaff of oak. The gaff is long. " * 9)]
    )
    assert memory.own_usage("ines").verbal("gaff") < 0
    [rigging] = [each for each in memory.works.list("ines") if each.title == "Sails"]
    memory.consents.say("ines", f"work:{rigging.id}", granted=False, by="owner")
    assert memory.own_usage("ines").verbal("gaff") > 1
    memory.close()
