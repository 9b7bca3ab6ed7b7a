"""Two people at one translation, on a real PostgreSQL where rows are locked one by one: nobody's words are lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from core.briefs import Brief
from core.drafts import Content, Draft
from core.errors import Stale
from core.segments import cut, written
from core.works import Workspace
from memory import Memory
from memory.segment_reviews import Looked
from tests.counterparts.postgresql import PostgreSQLServer
from tests.memory.conftest import NOON
from tests.memory.making import proposal

pytest.importorskip("psycopg")
ROUNDS = 8
TEXT = "The lid does not close. Nobody owns the tide."


@pytest.fixture
def memory(postgresql: PostgreSQLServer, tmp_path: Path) -> Iterator[Memory]:
    memory = Memory.open(tmp_path, database_url=postgresql.new_database(), clock=lambda: NOON)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    yield memory
    memory.close()


def draft(name: str, brief: str, locale: str, content: Content, **more: object) -> Draft:
    return Draft.model_validate(
        {"id": f"d_{name}", "brief_id": brief, "workspace": "ines", "channel": "site", "locale": locale}
        | {"content": content, "model": "person", "created_at": NOON}
        | more
    )


def grid(memory: Memory, brief: str) -> Looked:
    """Put a source that waits, and its grid, into memory."""
    memory.briefs.add(
        Brief(id=brief, workspace="ines", ask="x", channels=("site",), locales=("en", "es"), created_at=NOON)
    )
    source = Content(text=TEXT)
    memory.drafts.add(draft(f"{brief}_en", brief, "en", source))
    memory.proposals.add(proposal(TEXT, brief_id=brief, draft_id=f"d_{brief}_en"))
    segments = cut(source)
    made = draft(f"{brief}_es", brief, "es", written(source, segments), segments=segments, parent_id=f"d_{brief}_en")
    memory.drafts.add(made)
    [line] = [each for each in memory.segments.lines("ines") if each.brief_id == brief]
    looked = memory.segments.look(line)
    assert looked is not None
    return looked


def at_once(*acts: Callable[[], object]) -> list[object]:
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return act()
        except Stale:
            return "stale"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_of_two_wordings_at_once_one_is_kept_and_the_other_is_told(memory: Memory) -> None:
    for number in range(ROUNDS):
        looked = grid(memory, f"b_{number}")

        def word(by: str, looked: Looked = looked, number: int = number) -> str:
            segment = looked.segments[0].model_copy(update={"target": f"La tapa de {by}.", "made_by": by})
            segments = (segment, *looked.segments[1:])
            content = written(looked.source.content, segments)
            new = draft(f"{number}_{by}", f"b_{number}", "es", content, segments=segments, revision=1)
            memory.segments.keep(looked, new, by=by, edited=segment)
            return by

        came = at_once(lambda: word("Ana"), lambda: word("Luz"))
        assert sorted(each == "stale" for each in came) == [False, True]
        winner = next(each for each in came if each != "stale")
        now = memory.segments.look(looked.line)
        assert now is not None
        assert now.segments[0].target == f"La tapa de {winner}."
        assert [act.by for act in now.acts] == [winner]
    assert memory.ledger.verify().ok


def test_of_two_first_versions_one_waits(memory: Memory) -> None:
    looked = grid(memory, "b_1")
    made = [proposal("La tapa.", brief_id="b_1", draft_id="d_b_1_es", locale="es") for _ in range(2)]
    came = at_once(*(lambda new=new: memory.segments.wait(looked.line, new).id for new in made))
    assert len(set(came)) == 1
    assert len([each for each in memory.proposals.list("ines") if each.locale == "es"]) == 1


def test_an_approval_is_swept_when_its_source_says_something_else(memory: Memory) -> None:
    looked = grid(memory, "b_1")
    targets = ("La tapa no cierra.", "La marea no es de nadie.")
    segments = tuple(
        each.model_copy(update={"target": words}) for each, words in zip(looked.segments, targets, strict=True)
    )
    new = draft("es_2", "b_1", "es", written(looked.source.content, segments), segments=segments, revision=1)
    memory.segments.keep(looked, new, by="Ana")
    for each in segments:
        memory.segments.say(looked.line, each, "approve", by="Ana")
    old = memory.proposals.list("ines", brief_id="b_1")[0]
    text = TEXT.replace("The lid does not close.", "The lid closes.")
    memory.drafts.add(draft("en_2", "b_1", "en", Content(text=text), parent_id="d_b_1_en", revision=1))
    later = proposal(text, brief_id="b_1", draft_id="d_en_2", supersedes=old.id)
    memory.voiding.replace(old, later, "changed", by="Ana")
    assert [act.segment_id for act in memory.segments.sweep("ines", "b_1", "site", 1, by="Ana")] == [segments[0].id]
    assert memory.segments.sweep("ines", "b_1", "site", 1, by="Ana") == []
    assert memory.translations.counts("ines") == [("en", "es", 2)]  # the pairs were approved, and stay known
    found = memory.translations.matches("ines", ["Nobody owns the tide."], source="en", target="es")
    assert found[0][0].target == targets[1]
