"""One approved segment as a row of the translation memory, and how two texts are compared."""

import unicodedata
from datetime import datetime
from typing import Any

from core.base import Instant, Noun
from core.ids import new_id
from core.translated import SegmentAct


class Translation(Noun):
    """One approved earlier segment, and who approved it, when, as part of what."""

    id: str
    workspace: str
    source_locale: str
    target_locale: str
    source: str
    target: str
    length: int
    origin: str  # segment, proposal, tmx
    act_id: str | None = None
    decision_id: str | None = None
    proposal_id: str | None = None
    work_id: str | None = None
    file: str = ""
    by: str
    at: Instant
    recorded_by: str
    recorded_at: Instant


def from_act(act: SegmentAct, now: datetime) -> dict[str, Any]:
    """Return the row of an approved segment."""
    return {
        "id": new_id("tm"),
        "workspace": act.workspace,
        "source_locale": act.source_locale,
        "target_locale": act.locale,
        "source": act.source,
        "target": act.target,
        "length": len(compared(act.source)),
        "origin": "segment",
        "act_id": act.id,
        "proposal_id": act.proposal_id,
        "work_id": act.work_id,
        "by": act.by,
        "at": act.at,
        "recorded_by": act.by,
        "recorded_at": now,
    }


def compared(text: str) -> str:
    """Return a text as it is compared: composed, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def language(locale: str) -> str:
    """Return a locale's language: `pt` of `pt-BR`."""
    return locale.replace("_", "-").partition("-")[0].lower()
