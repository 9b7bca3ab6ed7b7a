"""What is forgotten is gone: from the rows, from their copies, and from the bytes on the disk."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.briefs import Angle, Plan
from core.canonical import sha256
from core.drafts import Content, Draft, Receipt
from core.errors import NotFound
from core.works import Evidence, Piece, Recalled, Workspace
from memory import Memory
from memory.embedding.port import Vectors
from memory.quotes import Quotes
from tests.memory.conftest import NOON
from tests.memory.making import brief, proposal, waiting

MARKER = (
    "The lighthouse keeper counted seventeen silver herring before the fog swallowed his brass lamp, Qzvoxjk Wykbludge"
)
BODY = f"Some words at the start.\n\n{MARKER}. Nobody else was awake at that hour.\n\nThe end of it."


class Letters:
    """A tiny embedder: how often each letter stands in a text."""

    name, dim = "letters", 26

    def embed(self, texts: Sequence[str]) -> Vectors:
        counts = np.array([[1 + t.lower().count(chr(97 + n)) for n in range(26)] for t in texts], dtype=np.float32)
        return np.asarray(counts / np.linalg.norm(counts, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def memory(home: Path) -> Any:
    memory = Memory.open(home, embedder=Letters(), clock=lambda: NOON)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    memory.works.remember("ines", [Piece(source="lamp", title="The brass lamp", body=BODY), *others(12)])
    yield memory
    memory.close()


def others(count: int) -> list[Piece]:
    return [
        Piece(source=f"o{n}", title=f"Other {n}", body=f"Another piece, number {n}, about tide {n}.")
        for n in range(count)
    ]


def work_id(memory: Memory, source: str = "lamp") -> str:
    work = memory.works.by_source("ines", source)
    assert work is not None
    return work.id


def bytes_with(home: Path, words: str) -> list[str]:
    """The files of a home in which the words stand."""
    return [str(f.relative_to(home)) for f in home.rglob("*") if f.is_file() and words.encode() in f.read_bytes()]


def draft_quoting(memory: Memory, text: str) -> Draft:
    return Draft(
        id="d_1",
        brief_id="b_1",
        workspace="ines",
        channel="site",
        locale="en",
        content=Content(text=text, title="Ours"),
        receipts=(
            Receipt(work_id=work_id(memory), title="The brass lamp", quote="brass lamp"),
            Receipt(work_id=work_id(memory, "o1"), title="Other 1", quote="about tide 1"),
        ),
        model="rehearsal",
        created_at=NOON,
    )


def test_not_one_byte_of_it_stays(memory: Memory, home: Path) -> None:
    memory.works.remember("ines", [Piece(source="lamp", title="The brass lamp", body=BODY + " A second version.")])
    assert bytes_with(home, MARKER)
    forgotten = work_id(memory)
    receipt = memory.forget("ines", forgotten)
    removed = {name: count for name, count in receipt["removed"].items() if count}
    assert removed == {"signatures": 1, "passages": 1, "work_versions": 2, "works": 1}
    assert {**receipt["blanked"], **receipt["kept"]}.keys() > {"plans", "drafts", "briefs", "proposals", "decisions"}
    assert not any((*receipt["blanked"].values(), *receipt["kept"].values()))
    facts = {name: receipt[name] for name in ("work_id", "works", "stale", "pending", "index", "scrubbed", "subject")}
    assert facts == {
        "work_id": forgotten, "works": [forgotten], "stale": [], "pending": [], "index": "there is none",
        "scrubbed": True, "subject": None,
    }  # fmt: skip
    assert bytes_with(home, MARKER) == bytes_with(home, "brass lamp") == bytes_with(home, "herring") == []
    # The index keeps words without the beginning that the word before them shares; these share none.
    assert bytes_with(home, "qzvoxjk") == bytes_with(home, "wykbludge") == []
    with pytest.raises(NotFound):
        memory.works.get("ines", forgotten)
    assert memory.works.count("ines") == 12
    told = {"forgetting": receipt["id"], "kind": "work", "works": [forgotten], "withheld": [], "workspace": "ines"}
    done = {"forgetting": receipt["id"], "receipt": sha256(receipt), "workspace": "ines"}
    assert [(e.kind, e.actor, e.payload) for e in memory.ledger.entries()] == [
        ("forget", "owner", told),
        ("forgotten", "greenroom", done),
    ]


def test_the_full_text_keeps_no_word_of_it(memory: Memory, home: Path) -> None:
    """Words that were taken out stay in the segment they were written in, until the segments are merged."""
    memory.works.remember("ines", [Piece(source="rare", title="Rare", body="Xylquorvex zumblefrith.")])
    for other in range(5):
        memory.works.remember("ines", [Piece(source=f"later{other}", title="Later", body=f"Nothing rare, {other}.")])
    assert bytes_with(home, "ylquorvex")
    memory.forget("ines", work_id(memory, "rare"))
    assert bytes_with(home, "ylquorvex") == bytes_with(home, "umblefrith") == []


def test_what_leans_on_it_is_blanked_or_stale(memory: Memory, home: Path) -> None:
    forgotten, other = work_id(memory), work_id(memory, "o1")
    source = brief().model_copy(
        update={"source_work_id": forgotten, "source_text": BODY, "source_title": "The brass lamp"}
    )
    memory.briefs.add(source)
    recalled = [
        Recalled(
            work_id=w, title=t, source="s", published_at=None, score=1, signals={},
            passages=(Evidence(passage_id="p", text=x, score=1),),
        )
        for w, t, x in ((forgotten, "The brass lamp", BODY), (other, "Other 1", "Another piece."))
    ]  # fmt: skip
    angle = Angle(id="a1", title="Fog", premise=f"Tell how {MARKER.lower()}.", work_ids=(forgotten, other))
    memory.briefs.record_plan(Plan(brief_id="b_1", recalled=tuple(recalled), angles=(angle,), phase="planned"))
    memory.drafts.add(draft_quoting(memory, f"Before. {MARKER}. After."))
    leaning = waiting(memory, "Paraphrased.", receipts=draft_quoting(memory, "").receipts)
    free = waiting(memory, "Nothing of it.")
    receipt = memory.forget("ines", forgotten, by="Ines")
    assert {n: count for n, count in receipt["blanked"].items() if count} == {"plans": 1, "drafts": 1, "briefs": 1}
    assert (receipt["stale"], receipt["kept"]["proposals"], receipt["kept"]["decisions"]) == ([leaning.id], 1, 0)
    assert memory.proposals.get("ines", leaning.id).state == "stale"
    assert memory.proposals.get("ines", free.id).state == "waiting"
    plan = memory.briefs.plan("b_1")
    assert plan is not None
    assert plan.recalled == (recalled[1],)
    assert plan.angles == (Angle(id="a1", title="Fog", premise="Tell how [forgotten].", work_ids=(other,)),)
    draft = memory.drafts.get("d_1")
    assert draft.content.text == "Before. [forgotten]. After."
    assert [r.work_id for r in draft.receipts] == [other]
    blanked = memory.briefs.get("b_1")
    assert (blanked.source_work_id, blanked.source_text, blanked.source_title) == (None, "", "")
    assert bytes_with(home, MARKER) == []


def test_what_was_decided_keeps_its_bytes(memory: Memory) -> None:
    shown = waiting(memory, MARKER)
    approval = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    edited = waiting(memory, "Other.")
    edit = memory.decisions.claim("ines", edited.id, "edit", edited.sha, "Ines", body=f"{MARKER}!")
    memory.proposals.supersede(edited.id, new := proposal("New."))
    receipt = memory.forget("ines", work_id(memory))
    kept = {"proposals": 1, "decisions": 1, "publications": 0, "ledger": 0}
    assert (receipt["stale"], receipt["kept"]) == ([], kept)
    assert memory.decisions.release("ines", shown.id) == approval
    assert memory.decisions.get(edit.id).new_proposal_id == new.id
    assert memory.ledger.verify().ok


def test_vectors_that_another_work_uses_stay(memory: Memory) -> None:
    memory.workspaces.add(Workspace(id="tom", name="Tom", created_at=NOON))
    memory.works.remember("tom", [Piece(source="o1", title="Other 1", body="Another piece, number 1, about tide 1.")])
    memory.index.bring_up_to_date("ines")
    memory.index.bring_up_to_date("tom")
    assert memory.forget("ines", work_id(memory, "o1"))["removed"]["vectors"] == 0
    removed = memory.forget("ines", work_id(memory))["removed"]["vectors"]
    assert removed == 2  # its passage and its heading
    assert memory.index.pending_count("ines") == memory.index.pending_count("tom") == 0


def test_the_index_is_made_anew_without_it(memory: Memory) -> None:
    memory.index.bring_up_to_date("ines")
    forgotten = work_id(memory)
    assert forgotten in {found.work_id for found in memory.recall("ines", MARKER, k=3)}
    assert memory.forget("ines", forgotten)["index"] == "made anew with 12 passages"
    assert forgotten not in {found.work_id for found in memory.recall("ines", MARKER, k=13)}


def test_a_conversation_that_holds_it_is_deleted(memory: Memory, home: Path) -> None:
    from langgraph.checkpoint.base import empty_checkpoint

    saver = memory.checkpointer()
    for thread, text in (
        ("chat-1", f"I found this: {MARKER}."),
        ("chat-2", "Hello."),
        ("chat-3", f"id {work_id(memory)}"),
    ):
        checkpoint = empty_checkpoint() | {"channel_values": {"messages": [text]}}
        config: Any = {"configurable": {"thread_id": thread, "checkpoint_ns": ""}}
        saver.put_writes(saver.put(config, checkpoint, {}, {}), [("messages", text)], "task")  # type: ignore[arg-type]
    assert bytes_with(home, MARKER)
    assert memory.forget("ines", work_id(memory))["removed"]["threads"] == 2
    kept = [t.config["configurable"]["thread_id"] for t in saver.list(None)]
    assert kept == ["chat-2"]
    assert bytes_with(home, MARKER) == []


def test_a_work_of_another_workspace_is_not_forgotten(memory: Memory) -> None:
    memory.workspaces.add(Workspace(id="tom", name="Tom", created_at=NOON))
    with pytest.raises(NotFound):
        memory.forget("tom", work_id(memory))
    assert memory.works.count("ines") == 13


def test_eight_words_in_a_row_are_a_quote_and_seven_are_anybodys() -> None:
    quotes = Quotes(["One two three four five six seven eight nine ten.", "un deux", "我们今天在这里讨论潮汐表"])
    assert quotes.blank("so: TWO, three four\nfive six seven eight — nine! yes") == "so: [forgotten]! yes"
    assert quotes.blank("two three four five six seven eight, then") == "two three four five six seven eight, then"
    assert quotes.blank("un deux") == "un deux"
    assert quotes.blank("他说我们今天在这里讨论潮汐表吗") == "他说[forgotten]吗"
    nested = {"a": ["one two three four five six seven eight", 3, None], "b": {"c": True}}
    assert quotes.blank(nested) == {"a": ["[forgotten]", 3, None], "b": {"c": True}}
