import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.errors import BadInput
from core.works import Piece, Workspace
from evals.bench.own_tags import measure
from evals.bench.tags import f1, keys_in, read, run
from memory import Memory
from tests.memory.archive import HashedWords
from tests.memory.making import NOON


def folder(place: Path, texts: dict[str, bytes], keys: dict[str, bytes]) -> Path:
    for name, files, suffix in (("docsutf8", texts, "txt"), ("keys", keys, "key")):
        (place / name).mkdir()
        for stem, data in files.items():
            (place / name / f"{stem}.{suffix}").write_bytes(data)
    return place


def embed(texts: Sequence[str]) -> np.ndarray:
    return np.asarray(HashedWords().embed(list(texts)))


def test_f1_counts_stems_once_and_all_keys() -> None:
    keys = [("tide table",), ("harbour office",)]
    assert f1(["Tide tables", "tide table"], keys) == pytest.approx(2 / 3)
    assert f1(["pilots"], keys) == 0.0
    assert f1([], keys) == 0.0


def test_a_key_in_two_spellings_is_one_key() -> None:
    keys = [("tide table", "table of tides"), ("pilot",)]
    assert f1(["table of tides", "pilots"], keys) == 1.0
    assert f1(["tide tables", "table of tides"], keys) == pytest.approx(2 / 3)  # both right, and one key is missed


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("tide tables\nharbours, old and new\n", [("tide tables",), ("harbours, old and new",)]),
        ("tide tables, harbour office,pilots", [("tide tables",), ("harbour office",), ("pilots",)]),
        ("tide tables\tharbours\r\npilots;sailors\n", [("tide tables",), ("harbours",), ("pilots",), ("sailors",)]),
        ("tide tabl+tabl of tide\nc++ compil\n", [("tide tabl", "tabl of tide"), ("c++ compil",)]),
        ('"tide tables"\ntide   tables\n\n', [("tide tables",)]),
    ],
    ids=["a line each", "commas", "tabs and semicolons", "spellings, stemmed", "quoted, twice"],
)  # fmt: skip
def test_keys_are_read_in_the_usual_forms(written: str, keys: list[tuple[str, ...]]) -> None:
    assert list(keys_in(written)) == keys


def test_odd_files_are_read_and_texts_without_keys_are_named(tmp_path: Path) -> None:
    text = "Tide tables for harbours\n\tof the north\nThe caf\xe9 keeps tide tables."
    place = folder(
        tmp_path,
        {"a": text.encode("cp1252"), "b": b"\xef\xbb\xbf" + text.encode(), "c": b"", "d": b"No keys."},
        {
            "a": b"tide   tables\r\n\r\n\tharbours\t\n",
            "b": b"tide tables\nharbours",
            "c": b"nothing",
            "d": b" \n",
            "e": b"of no text",
        },
    )
    documents, left_out = read(place)
    assert [(each.name, each.keys) for each in documents] == [
        ("a", (("tide tables",), ("harbours",))),
        ("b", (("tide tables",), ("harbours",))),
        ("c", (("nothing",),)),
    ]
    assert left_out == ["d.txt", "e.key"]
    figures = run(place, embed)
    assert figures["docs"] == 3 and figures["left_out"] == left_out
    assert 0.3 < figures["f1"]["5"] <= 1.0 and 0.3 < figures["f1"]["10"] <= 1.0


def test_a_folder_of_another_layout_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no docsutf8"):
        read(tmp_path)


def test_own_tags_are_found_by_what_is_earlier(tmp_path: Path) -> None:
    memory = Memory.open(tmp_path / "home", embedder=HashedWords(), clock=lambda: NOON)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    memory.workspaces.add(Workspace(id="tomas", name="Tomas", created_at=NOON))
    subjects = {"tides": "the tide table of the harbour pilots", "bread": "sourdough loaves from the village oven"}
    made = [
        Piece(
            source=f"{n}.md",
            title=f"Letter {n}",
            body=f"Letter {n} is about {words}, as they were in week {n}.",
            published_at=NOON.replace(year=2020 + n // 12, month=n % 12 + 1),
            tags=(name,),
        )
        for n in range(56)
        for name, words in [list(subjects.items())[n % 2]]
    ]
    memory.works.remember("ines", made)
    memory.works.remember("tomas", [Piece(source="t.md", title="Tides", body="the tide table", tags=("foreign",))])
    for workspace in ("ines", "tomas"):
        memory.index.bring_up_to_date(workspace)
    figures = measure(memory, "ines")
    assert (figures["posts"], figures["p1"], figures["r5"]) == (6, 1.0, 1.0)
    found = memory.own_tags("ines", "The pilots read the tide table in the harbour.")
    assert found[0].tag == "tides" and {each.tag for each in found} <= {"tides", "bread"}
    assert json.loads(json.dumps([each.score for each in found]))[0] == 1.0
    assert memory.own_tags("ines", "  ") == []
    early = memory.own_tags("ines", "tide table", before=made[0].published_at)
    assert early == []
    memory.close()


def test_where_several_write_each_has_subjects_of_their_own(tmp_path: Path) -> None:
    memory = Memory.open(tmp_path / "home", embedder=HashedWords(), clock=lambda: NOON)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    subjects = {"Ines": "tides", "Olav": "pilots", "Marit": "kiosks", "Nils": "ferries", "Eva": "boats"}
    made = [
        Piece(
            source=f"{author} {n}.md",
            title=f"Letter {n}",
            body=f"The tide table of the harbour pilots, as it hangs in kiosk {n}.",
            published_at=NOON.replace(month=n + 1),
            tags=(tag,),
            authors=(author,),
        )
        for n in range(3)
        for author, tag in subjects.items()
    ]
    memory.works.remember("ines", made)
    memory.index.bring_up_to_date("ines")

    def scores(*authors: str) -> dict[str, float]:
        found = memory.own_tags("ines", "The table hangs in the kiosk of the harbour.", authors=authors)
        return {each.tag: each.score for each in found}

    nobody = scores()
    gains = {author: scores(author.upper())[tag] - nobody[tag] for author, tag in subjects.items() if nobody[tag] < 1}
    assert len(gains) == 4 and all(gain > 0 for gain in gains.values())
    assert scores("Somebody") == nobody
    memory.close()
