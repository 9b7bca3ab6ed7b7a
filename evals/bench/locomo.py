"""Dialogue: does recall find the turns that a question about a long conversation is answered from?

LoCoMo (snap-research/locomo): conversations over months, with questions and the ids of the turns that hold the answer.
Each conversation is a thread in a workspace of its own, remembered and asked through the product's own memory.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.dialogue import Said
from core.errors import BadInput
from core.works import Workspace
from memory import Memory
from memory.clock import utc_now

DEPTHS = (5, 10, 25)
ANSWERABLE = (1, 2, 3, 4)
"""Categories: 1 several turns, 2 time, 3 with common knowledge, 4 one turn. 5 asks what was never said."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Question:
    """One question, its category, and the sources of the turns that answer it."""

    text: str
    category: int
    evidence: frozenset[str]


@dataclass(frozen=True)
class Answer:
    """What was found for a question: how much of the evidence at each depth, and how long it took."""

    question: Question
    shares: tuple[float, ...]
    milliseconds: float


def run(path: Path, *, progress: Progress | None = None) -> dict[str, Any]:
    """Remember every conversation of a LoCoMo file, put its questions, and return how much of the evidence came up.

    `recall` is the mean share of a question's evidence among the first 5, 10 and 25 turns; `query_ms` is one question
    with its embedding, in this process. Raises BadInput for a file that is not LoCoMo's.
    """
    answers: list[Answer] = []
    samples = read(path)
    with TemporaryDirectory(prefix="greenroom-bench-") as home:
        memory = Memory.open(Path(home))
        try:
            for number, sample in enumerate(samples, start=1):
                answers += _ask(memory, f"conversation-{number}", sample)
                if progress:
                    progress("asking", number, len(samples))
        finally:
            memory.close()
    return figures(answers)


def read(path: Path) -> list[dict[str, Any]]:
    """Return the file's conversations. Raises BadInput."""
    try:
        samples = json.loads(path.read_text(encoding="utf-8"))
        whole = isinstance(samples, list) and all({"conversation", "qa"} <= sample.keys() for sample in samples)
    except (ValueError, AttributeError, TypeError) as error:
        raise BadInput(f"{path} is no LoCoMo file: {error}.", "It is a JSON list of conversations.") from None
    if not whole:
        raise BadInput(f"{path} is no LoCoMo file: no list of conversations with `conversation` and `qa`.")
    return list(samples)


def turns_of(conversation: Mapping[str, Any]) -> Iterator[Said]:
    """Yield a conversation's turns in order; what a shared picture shows is part of what was said."""
    for number in range(1, 1 + max(map(int, _sessions(conversation)), default=0)):
        day = conversation.get(f"session_{number}_date_time")
        for turn in conversation.get(f"session_{number}") or ():
            yield Said(
                source=turn["dia_id"],
                thread="locomo",
                speaker=turn["speaker"],
                text=turn["text"] + _shown(turn),
                said_at=_moment(day),
                session=number,
            )


def questions_of(sample: Mapping[str, Any], sources: frozenset[str]) -> Iterator[Question]:
    """Yield the questions that name evidence which is in the conversation."""
    for asked in sample["qa"]:
        named = re.findall(r"D(\d+):0*(\d+)", " ".join(asked.get("evidence", ())))
        evidence = frozenset(f"D{session}:{turn}" for session, turn in named) & sources
        if evidence:
            yield Question(asked["question"], int(asked["category"]), evidence)


def figures(answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the means over all questions, over those that can be answered, and by category."""
    answerable = [each for each in answers if each.question.category in ANSWERABLE]
    categories = sorted({each.question.category for each in answers})
    by_category = {c: [each for each in answers if each.question.category == c] for c in categories}
    spent = sorted(each.milliseconds for each in answers)
    return {
        "questions": len(answers),
        "recall": _recall(answers),
        "recall_cat1to4": _recall(answerable),
        "by_category": {
            str(category): {"questions": len(some), "recall": _recall(some)} for category, some in by_category.items()
        },
        "query_ms": {"p50": _percentile(spent, 0.5), "p95": _percentile(spent, 0.95)},
    }


def _ask(memory: Memory, workspace: str, sample: Mapping[str, Any]) -> list[Answer]:
    said = list(turns_of(sample["conversation"]))
    memory.workspaces.add(Workspace(id=workspace, name=workspace, created_at=utc_now()))
    memory.dialogue.remember(workspace, said)
    memory.dialogue.bring_up_to_date(workspace)
    asked = questions_of(sample, frozenset(each.source for each in said))
    return [_answer(memory, workspace, question) for question in asked]


def _answer(memory: Memory, workspace: str, question: Question) -> Answer:
    started = time.perf_counter()
    found = memory.dialogue.recall(workspace, question.text, k=max(DEPTHS))
    spent = (time.perf_counter() - started) * 1000
    sources = [each.turn.source for each in found]
    shares = tuple(len(question.evidence.intersection(sources[:k])) / len(question.evidence) for k in DEPTHS)
    return Answer(question, shares, spent)


def _sessions(conversation: Mapping[str, Any]) -> Iterator[str]:
    return (found[1] for key in conversation if (found := re.fullmatch(r"session_(\d+)", key)))


def _shown(turn: Mapping[str, Any]) -> str:
    seen = "; ".join(turn[key] for key in ("blip_caption", "query") if turn.get(key))
    return f" [shares {seen}]" if seen else ""


def _moment(text: str | None) -> datetime:
    """Read "1:56 pm on 8 May, 2023"."""
    try:
        return datetime.strptime(text or "", "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)
    except ValueError:
        raise BadInput(f"{text!r} is no date of a LoCoMo session.") from None


def _recall(answers: Sequence[Answer]) -> dict[str, float]:
    columns = zip(*(each.shares for each in answers), strict=True) if answers else [[0.0]] * len(DEPTHS)
    return {str(k): round(sum(shares) / len(shares), 4) for k, shares in zip(DEPTHS, map(list, columns), strict=True)}


def _percentile(ascending: Sequence[float], share: float) -> float:
    return round(ascending[min(int(len(ascending) * share), len(ascending) - 1)], 1) if ascending else 0.0
