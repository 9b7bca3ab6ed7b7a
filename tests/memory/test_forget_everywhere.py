"""Not one byte stays, in no table, file, index or conversation; and what a table may hold has a rule."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Text, insert, select

from core.drafts import Content, Draft, Receipt
from core.errors import NotFound
from core.works import Piece, Workspace
from memory import Memory
from memory.forgetting import Wish
from memory.forgetting.rules import RULES
from memory.ledger import WITHHELD
from memory.tables import lessons, metadata, plans, preferences, proposals, publications, vectors
from tests.memory.conftest import NOON
from tests.memory.making import brief, publication, waiting
from tests.memory.test_forgetting import MARKER, Letters, bytes_with, others, work_id
from tests.memory.traces import traces

SECRET = "Grandmother’s ünlisted recipe asks for seventeen quinces and a thimble of plum brandy, Vroxlapz"
PHRASES = (MARKER, SECRET, "seventeen quinces and a thimble", "Vroxlapz", "Qzvoxjk")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def memory(home: Path) -> Iterator[Memory]:
    memory = Memory.open(home, embedder=Letters(), clock=lambda: NOON)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    memory.works.remember("ines", [
        Piece(source="lamp", title="The brass lamp", body=f"Once upon a time.\n\n{MARKER}."),
        Piece(source="food/1", title="Plums", body=f"It is said so.\n\n{SECRET}.", url="https://plums.example/1"),
        *others(12),
    ])  # fmt: skip
    yield memory
    memory.close()


def quoted(memory: Memory, text: str = "") -> Draft:
    receipts = tuple(
        Receipt(work_id=work_id(memory, source), title="Past", quote=quote[:60])
        for source, quote in (("lamp", MARKER), ("food/1", SECRET))
    )
    return Draft(
        id="d_1", brief_id="b_1", workspace="ines", channel="site", locale="en", model="rehearsal", created_at=NOON,
        content=Content(text=text or f"We said: {MARKER}. And: {SECRET}!"), receipts=receipts,
    )  # fmt: skip


def fill(memory: Memory) -> None:
    """Copy the two works' words to wherever words of works get to."""
    words = f"{MARKER}. {SECRET}."
    ids = [work_id(memory, "lamp"), work_id(memory, "food/1")]
    source = {"source_work_id": ids[0], "source_text": words, "source_title": "The brass lamp"}
    memory.briefs.add(brief().model_copy(update=source))
    memory.drafts.add(quoted(memory))
    memory.index.bring_up_to_date("ines")
    with memory._database.write() as conn:
        conn.execute(insert(plans).values(brief_id="b_1", data=plan(ids, words), recorded_at=NOON))
    memory.consents.say("ines", f"work:{ids[0]}", granted=True, by="owner", note=f"She wrote: {MARKER}.")
    live = waiting(memory, words, receipts=quoted(memory).receipts)
    approval = memory.decisions.claim("ines", live.id, "approve", live.sha, "owner", note=f"Good: {MARKER}.")
    memory.decisions.mark_resumed(approval.id)
    sent = memory.publications.enqueue(publication(live, approval))
    with memory._database.write() as conn:
        frozen = {"request": {"text": words}, "state": "published"}
        conn.execute(publications.update().where(publications.c.id == sent.id).values(frozen))
        conn.execute(proposals.update().where(proposals.c.id == live.id).values(state="live"))
        conn.execute(lesson(approval.id, live.id))
        conn.execute(insert(preferences).values(rule(approval.id, live.id)))
    waiting(memory, "Paraphrased.", receipts=quoted(memory).receipts)
    chat(memory, f"I found: {words}")


def plan(ids: list[str], words: str) -> dict[str, Any]:
    recalled = [{"work_id": ids[0], "title": "The brass lamp", "source": "lamp", "published_at": None, "score": 1,
                 "signals": {}, "passages": [{"passage_id": "p", "text": words, "score": 1}]}]  # fmt: skip
    angles = [{"id": "a1", "title": "Fog", "premise": words, "work_ids": ids}]
    return {"brief_id": "b_1", "recalled": recalled, "angles": angles, "phase": "planned"}


def lesson(decision: str, proposal: str) -> Any:
    seen = [{"rule": {"trait": "word", "old": "lamp", "new": "light"}, "voice": "for"}]
    return insert(lessons).values(
        decision_id=decision, workspace="ines", proposal_id=proposal, brief_id="b_1", verb="edit", by="owner",
        channel="site", locale="en", at=NOON, data=seen, learned_at=NOON,
    )  # fmt: skip


def rule(decision: str, proposal: str) -> dict[str, Any]:
    support = [{"decision_id": decision, "proposal_id": proposal, "at": NOON.isoformat()}]
    return {"id": "pref_1", "workspace": "ines", "trait": "word", "old": "lamp", "new": "light", "state": "active",
            "support": support, "contradiction": 0.0, "recorded_at": NOON}  # fmt: skip


def chat(memory: Memory, text: str) -> None:
    from langgraph.checkpoint.base import empty_checkpoint

    saver = memory.checkpointer()
    config: Any = {"configurable": {"thread_id": "chat:1", "checkpoint_ns": ""}}
    checkpoint = empty_checkpoint() | {"channel_values": {"messages": [text]}}
    saver.put_writes(saver.put(config, checkpoint, {"writes": text}, {}), [("messages", text)], "task")  # type: ignore[arg-type,typeddict-unknown-key]


def test_not_one_byte_stays_anywhere(memory: Memory, home: Path) -> None:
    fill(memory)
    with memory._database.read() as conn:
        before = {row.content_hash: row.vector for row in conn.execute(select(vectors))}
    files = {path.partition(":")[0].removesuffix("-wal") for path in traces(home, PHRASES)}
    assert files == {"greenroom.db", "checkpoints.db"}
    assert traces(home / "chroma", (), before.values())
    works = (work_id(memory, "lamp"), work_id(memory, "food/1"))
    signed = memory.forgetting.forget(Wish(kind="work", workspace="ines", works=works, also_decided=True), by="owner")
    with memory._database.read() as conn:
        after = {row.content_hash for row in conn.execute(select(vectors))}
        learned = conn.execute(select(lessons)).one()
        assert conn.execute(select(preferences)).all() == []
    gone = [vector for content_hash, vector in before.items() if content_hash not in after]
    assert len(gone) == 4  # a passage and a heading each
    assert traces(home, PHRASES, gone) == []
    assert (learned.verb, learned.data) == ("forgotten", [])
    assert signed["receipt"]["pending"] == [] and signed["receipt"]["kept"]["proposals"] == 0
    assert memory.ledger.verify().ok
    assert memory.index.pending_count("ines") == 0
    blanked = [proposal for proposal in memory.proposals.list("ines") if proposal.state == "stale"]
    assert [receipt for proposal in blanked for receipt in proposal.receipts] == []
    assert memory.drafts.get("d_1").content.text == "We said: [forgotten]. And: [forgotten]!"


def test_an_entry_of_the_ledger_is_without_its_words_only_where_a_forgetting_says_so(memory: Memory) -> None:
    fill(memory)
    works = (work_id(memory, "lamp"),)
    memory.forgetting.forget(Wish(kind="work", workspace="ines", works=works, also_decided=True), by="owner")
    withheld = [entry for entry in memory.ledger.entries() if entry.payload.get(WITHHELD) is True]
    assert [entry.kind for entry in withheld] == ["consent", "decision"]
    assert memory.ledger.verify().ok
    raw = memory._database.engine.raw_connection()
    raw.execute("DROP TRIGGER ledger_refuses_update")  # type: ignore[attr-defined]
    named = max(entry.seq for entry in memory.ledger.entries() if entry.kind == "forgotten")
    raw.execute("UPDATE ledger SET payload = '{\"withheld\": true}' WHERE seq = ?", (named,))  # type: ignore[attr-defined]
    raw.commit()
    raw.close()
    assert memory.ledger.verify().first_bad == named


def test_what_was_approved_and_waits_to_go_keeps_its_bytes(memory: Memory) -> None:
    shown = waiting(memory, MARKER)
    memory.decisions.claim("ines", shown.id, "approve", shown.sha, "owner")
    wish = Wish(kind="work", workspace="ines", works=(work_id(memory),), also_decided=True)
    assert memory.forgetting.leaning(wish) == {shown.id}
    receipt = memory.forgetting.forget(wish, by="owner")["receipt"]
    assert receipt["kept"]["proposals"] == 1
    assert memory.proposals.get("ines", shown.id).text == MARKER


def test_a_source_goes_with_all_that_came_from_it(memory: Memory, home: Path) -> None:
    memory.works.remember("ines", [Piece(source="food/2", title="Pears", body="Vroxlapz again, of pears.")])
    memory.works.remember("ines", [Piece(source="food/20", title="Twenty", body="Another one, of figs.")])
    foreseen = memory.forgetting.foresee(Wish(kind="source", workspace="ines", named="food/2"))
    assert [title for _, title in foreseen.works] == ["Pears"]
    assert memory.works.count("ines") == 16  # nothing was changed by looking
    signed = memory.forgetting.forget(Wish(kind="source", workspace="ines", named="food/"), by="owner")
    assert signed["receipt"]["removed"]["works"] == 3
    assert bytes_with(home, "Vroxlapz") == bytes_with(home, "quinces") == bytes_with(home, "figs") == []
    address = Wish(kind="source", workspace="ines", named="https://plums.example")
    with pytest.raises(NotFound, match="No work here came from"):
        memory.forgetting.foresee(address)


def test_a_workspace_goes_whole_and_no_other_one_with_it(memory: Memory, home: Path) -> None:
    memory.workspaces.add(Workspace(id="tom", name="Tom", created_at=NOON))
    memory.works.remember("tom", [Piece(source="o1", title="Other 1", body="Another piece, number 1, about tide 1.")])
    fill(memory)
    memory.index.bring_up_to_date("tom")
    memory.files.add("ines", b"a picture " + MARKER.encode(), mime="image/png", name="lamp.png", alt=MARKER)
    memory.workspaces.choose("ines")
    signed = memory.forgetting.forget(Wish(kind="workspace", workspace="ines"), by="owner")
    assert signed["receipt"]["workspace"] is None
    assert (signed["receipt"]["index"], signed["receipt"]["pending"]) == ("removed", [])
    assert traces(home, (*PHRASES, '"ines"', "tide number")) == []
    assert [space.id for space in memory.workspaces.list()] == ["tom"]
    assert memory.workspaces.current() is None
    assert memory.index.pending_count("tom") == 0
    assert [found.title for found in memory.recall("tom", "tide", k=3)] == ["Other 1"]
    assert memory.ledger.verify().ok


def test_another_process_that_has_the_index_open_goes_on_with_it(memory: Memory, home: Path) -> None:
    memory.index.bring_up_to_date("ines")
    forgotten = work_id(memory)
    with memory._database.read() as conn:
        old = conn.scalars(select(vectors.c.vector)).all()
    door = Memory.open(home, embedder=Letters(), clock=lambda: NOON)
    receipt = door.forgetting.forget(Wish(kind="work", workspace="ines", works=(forgotten,)), by="owner")["receipt"]
    assert (receipt["pending"], receipt["finished_at"]) == (["index"], None)
    assert door.forgetting.finish() == []
    assert len(door.forgetting.unfinished()) == 1
    [signed] = memory.forgetting.finish()
    assert (signed["receipt"]["pending"], signed["receipt"]["id"]) == ([], receipt["id"])
    assert memory.forgetting.check(signed).in_ledger
    with memory._database.read() as conn:
        new = set(conn.scalars(select(vectors.c.vector)))
    assert traces(home, (MARKER,), [vector for vector in old if vector not in new]) == []
    door.close()


def test_readers_go_on_meanwhile(memory: Memory, home: Path) -> None:
    memory.index.bring_up_to_date("ines")
    forgotten, over, failed = work_id(memory), threading.Event(), []
    door = Memory.open(home, embedder=Letters(), clock=lambda: NOON)

    def read() -> None:
        while not over.is_set():
            try:
                assert len(door.recall("ines", "tide lamp", k=5)) == 5
            except Exception as error:
                failed.append(error)
                return

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert memory.forget("ines", forgotten)["pending"] == []
    finally:
        over.set()
        reader.join()
    assert failed == []
    assert forgotten not in {found.work_id for found in door.recall("ines", MARKER, k=14)}
    door.close()


def test_every_table_has_a_rule() -> None:
    assert set(RULES) == set(metadata.tables)
    for name, rules in RULES.items():
        assert all(each for each in rules), name


@pytest.mark.parametrize("kind", ["work", "person"])
def test_every_column_that_can_hold_words_is_looked_at(kind: str, memory: Memory) -> None:
    """A column of text or JSON that no act of its table's rule reads or removes is one that words could stay in."""
    names_nothing = {
        "works", "work_versions", "passages", "near_duplicates", "signatures",  # rows go as a whole
        "voice_profiles", "outcomes", "proposals", "decisions", "publications", "ledger",  # by rules of their own
    }  # fmt: skip
    for name, table in metadata.tables.items():
        acts = getattr(RULES[name], kind)
        if isinstance(acts, str) or name in names_nothing:
            continue
        looked = {column for act in acts for column in act.columns}
        worded = {c.name for c in table.columns if isinstance(c.type, Text | JSON)}
        assert worded <= looked | STATED.get(name, set()), name


STATED: dict[str, set[str]] = {
    "drafts": set(),
    "consents": {"subject", "by"},
    "facts": {"term", "recorded_by"},
    "preferences": {"support"},
    "preference_words": {"by"},
    "suggestions": {"decided_by"},
    "lessons": {"data", "by"},
    "workspaces": {"name", "site_url"},
    "members": {"channels", "secret_hash"},
    "files": {"name", "alt_by"},  # the name of the model that said the alt text
    "series": {"weekdays"},
    "mailings": {"message_id"},
    "subscribers": {"address"},
    "brief_choices": {"endpoint"},
    "reservations": {"endpoint"},
    "usage": {"endpoint", "model"},
    "sensitivities": {"source", "by"},
    "embargoes": {"by", "lifted_by"},
}
"""Columns that are not read, because rules of their own go by them, or they hold no words of a work or of others."""
