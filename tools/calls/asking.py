"""The one question to a brief that says too little, and the default that is proposed with it."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from core.asks import is_thin
from core.base import Noun
from tools.calls.hand import Hand

ASKS = ("brief", "angles")
LOOKED_AT = 20  # newest works, among which one without a brief is looked for

WITH_DEFAULT = "What is it about? I would take your newest piece, “{title}”{dated}. Say y, or what else."
WITHOUT = "What should it announce or tell? One sentence is enough."
TURN = "Turn “{title}” into posts"


class Default(Noun):
    """What is drafted on a yes."""

    ask: str
    source: str


class Needed(NamedTuple):
    """What an ask that says too little needs: a question, or (asked already) the default alone."""

    question: str
    default: Default | None


def question_for(hand: Hand, ask: str, source: str | None, messages: Sequence[Any]) -> Needed | None:
    """Return what is needed before anything can be drafted; None where the ask says enough, or has its material."""
    if source or not is_thin(ask):
        return None
    default = _newest(hand)
    if asked_already(messages):
        return Needed("", default[1] if default else None)
    return Needed(default[0], default[1]) if default else Needed(WITHOUT, None)


def asked_already(messages: Sequence[Any]) -> bool:
    """Say whether the question was asked, and no brief has come of it yet."""
    asked = False
    for message in messages:
        if message.type == "tool" and message.name in ASKS:
            found = result(message)
            asked = bool(found.get("question")) or (asked and not found.get("proposals"))
    return asked


def result(message: Any) -> dict[str, Any]:
    """Return what a tool brought as it says it; empty where it said in words what went wrong."""
    try:
        found = json.loads(str(message.text))
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _newest(hand: Hand) -> tuple[str, Default] | None:
    """Return the question and the default: the newest titled piece that no brief was made from yet."""
    memory = hand.context.memory
    briefed = {brief.source_work_id for brief in memory.briefs.list(hand.workspace)}
    kept_out = memory.privacy.works(hand.workspace) | memory.consents.revoked_works(hand.workspace)
    works = [each for each in memory.works.list(hand.workspace, limit=LOOKED_AT) if each.title]
    open_ = [each for each in works if each.id not in kept_out]
    work = next((each for each in open_ if each.id not in briefed), next(iter(open_), None))
    if work is None:
        return None
    dated = f" ({work.published_at:%Y-%m-%d})" if work.published_at else ""
    question = WITH_DEFAULT.format(title=work.title, dated=dated)
    return question, Default(ask=TURN.format(title=work.title), source=work.id)
