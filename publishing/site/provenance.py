"""A post's sidecar: how it was made and who approved it, open for every reader. No secrets, no prompts' inputs."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.canonical import instant
from core.drafts import Receipt
from publishing.platform import Approved
from publishing.site.post import Post

SCHEMA = "greenroom.provenance/1"


def sidecar(approved: Approved, now: datetime) -> dict[str, Any]:
    """Return the sidecar of an approved post; the index and the feeds are made from its `post`."""
    proposal, decision = approved.proposal, approved.decision
    payload = proposal.payload
    published = instant(now)
    return {
        "schema": SCHEMA,
        "generator": "Greenroom",
        "post": {**{name: payload[name] for name in Post.model_fields if name in payload}, "published_at": published},
        "page_sha256": hashlib.sha256(payload["page"].encode("utf-8")).hexdigest(),
        "approval": {
            "by": decision.by,
            "at": instant(decision.at),
            "decision": decision.id,
            "proposal": proposal.id,
            "sha256": decision.sha,
        },
        "made_with": {
            "model": proposal.provenance.model,
            "prompt_versions": proposal.provenance.prompt_versions,
            "created_at": instant(proposal.provenance.created_at),
        },
        "disclosure": payload.get("disclosure"),
        "leans_on": leans_on(proposal.receipts),
    }


def leans_on(receipts: Iterable[Receipt]) -> list[dict[str, Any]]:
    """Return the past works that a piece leans on, each once. Their words, the brief and its source stay private."""
    works = {each.work_id: {"work_id": each.work_id, "title": each.title, "url": each.url} for each in receipts}
    return [work for work_id, work in works.items() if work_id is not None]
