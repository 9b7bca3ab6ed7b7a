"""To another embedding model and back: a shadow first, a comparison, one switch, and never two models in one search."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelFailed, WrongUse
from core.works import Piece, Workspace
from memory import Memory
from memory.embedding import Endpoint
from memory.index.comparing import compare
from tests.fakes.embeddings_server import EmbeddingsServer, serving
from tests.memory.conftest import NOON

PIECES = [
    Piece(source=f"p{n}", title=f"Letter {n} {word}", body=f"We wrote about {word} and the harbour. " * 12)
    for n, word in enumerate(("tides", "boats", "fog", "ropes", "gulls", "lamps", "charts", "sails"))
]


class OtherModel:
    """An embedding model of another length, which is a fake: by letters."""

    name, dim = "by-letters", 26

    def embed(self, texts: list[str]) -> np.ndarray:
        made = np.array(
            [[text.lower().count(chr(97 + n)) + 0.1 for n in range(26)] for text in texts], dtype=np.float32
        )
        return made.reshape(-1, 26) / np.linalg.norm(made.reshape(-1, 26), axis=1, keepdims=True)


@pytest.fixture
def server() -> Iterator[EmbeddingsServer]:
    with serving() as running:
        yield running


@pytest.fixture
def memory(tmp_path: Path, server: EmbeddingsServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Memory]:
    opened = Memory.open(
        tmp_path / "home",
        embedding_model="by-letters",
        endpoint=Endpoint(server.base_url, server.key),
        clock=lambda: NOON,
    )
    real = Memory.open_embedder
    monkeypatch.setattr(
        Memory, "open_embedder", lambda self, model: OtherModel() if model == "by-letters" else real(self, model)
    )
    for space in ("ines", "tom"):
        opened.workspaces.add(Workspace(id=space, name=space, created_at=NOON))
        opened.works.remember(space, PIECES)
        opened.index.bring_up_to_date(space)
    yield opened
    opened.close()


def quiet(_what: str, _done: int, _total: int) -> None:
    pass


def first(memory: Memory, query: str) -> str:
    return memory.recall("ines", query, k=3)[0].title


def test_a_move_embeds_everything_compares_and_switches(memory: Memory, server: EmbeddingsServer) -> None:
    before = first(memory, "fog and the harbour")
    moved = memory.move_to("openai:words-16", quiet)
    assert moved.switched
    assert (moved.before, moved.model) == ("by-letters", "openai:words-16")
    assert moved.embedded > len(PIECES)
    assert moved.comparison.questions == 2 * len(PIECES)
    assert 0 < moved.comparison.overlap <= 1
    assert memory.embedder.name.startswith("openai:words-16@127.0.0.1")
    assert memory.embedder.dim == 16
    asked = len(server.asked)
    assert first(memory, "fog and the harbour") == before == "Letter 2 fog"
    assert len(server.asked) == asked + 1
    for space in ("ines", "tom"):
        assert memory.index.pending_count(space) == 0


def test_a_work_whose_consent_was_revoked_is_not_sent_to_the_new_models_server(
    memory: Memory, server: EmbeddingsServer
) -> None:
    work = memory.works.list("ines")[0]
    for space in ("ines", "tom"):
        its = next(each for each in memory.works.list(space) if each.source == work.source)
        memory.consents.say(space, f"work:{its.id}", granted=False, by=space)
    assert memory.move_to("openai:words-16", quiet).switched
    sent = "\n".join(text for texts in server.asked for text in texts)
    assert sent and work.title not in sent and work.body not in sent
    assert memory.index.pending_count("ines") == 0


def test_another_process_reads_with_the_new_model_at_once(memory: Memory, tmp_path: Path) -> None:
    other = Memory.open(tmp_path / "home", embedding_model="by-letters", endpoint=memory._endpoint, clock=lambda: NOON)
    other.recall("ines", "boats")
    memory.move_to("openai:words-16", quiet)
    assert other.embedder.name == memory.embedder.name
    assert other.recall("ines", "boats", k=1)[0].title == "Letter 1 boats"
    other.close()


def test_back_again_embeds_nothing_and_the_old_vectors_can_go(memory: Memory, server: EmbeddingsServer) -> None:
    memory.move_to("openai:words-16", quiet)
    back = memory.move_to(None, quiet)
    assert (back.model, back.embedded) == ("by-letters", 0)
    assert memory.embedder.name == "by-letters"
    again = memory.move_to("openai:words-16", quiet, drop_old=True)
    assert again.embedded == 0
    assert again.dropped > 0
    assert not memory.embedding_choices.has_vectors("by-letters")
    assert first(memory, "ropes") == "Letter 3 ropes"


def test_a_model_that_fails_changes_nothing_and_a_cut_move_goes_on(memory: Memory, server: EmbeddingsServer) -> None:
    with pytest.raises(ModelFailed):
        memory.move_to("openai:other", quiet)
    server.fails = []

    def cut(what: str, done: int, _total: int) -> None:
        if what == "comparison" and done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        memory.move_to("openai:words-16", cut)
    assert memory.embedder.name == "by-letters"
    assert first(memory, "gulls") == "Letter 4 gulls"
    moved = memory.move_to("openai:words-16", quiet)
    assert (moved.switched, moved.embedded) == (True, 0)


def test_works_that_come_in_during_a_move_are_in_both_indexes(memory: Memory) -> None:
    late = Piece(source="late", title="Letter 9 lighthouses", body="Lighthouses at last. " * 20)

    def import_meanwhile(what: str, done: int, _total: int) -> None:
        if what == "comparison" and done == 0:
            memory.works.remember("ines", [late])

    memory.move_to("openai:words-16", import_meanwhile)
    assert memory.index.pending_count("ines") == 0
    assert first(memory, "lighthouses") == "Letter 9 lighthouses"


def test_moving_to_the_model_in_use_switches_nothing(memory: Memory) -> None:
    assert not memory.move_to("by-letters", quiet).switched
    with pytest.raises(WrongUse, match="no other embedding model"):
        memory.move_to(None, quiet)


def test_models_are_compared_by_what_they_find() -> None:
    assert compare([], []).overlap == 1
    found = compare([["a", "b"], ["c"]], [["a", "d"], ["c"]])
    assert (found.questions, found.overlap, found.same_first) == (2, 0.75, 1.0)
    assert compare([["a"]], [["b"]]).same_first == 0
