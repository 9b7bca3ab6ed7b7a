"""A post's sidecar: how it was made and that a person approved it, open for every reader. No secrets, no names."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from core.canonical import instant
from publishing.platform import Approved
from publishing.site.post import Post

SCHEMA = "greenroom.provenance/2"


def public_part(provenance: Mapping[str, Any], works: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a reader may know of how a piece was made: frozen into the payload, so that it is approved with it.

    Model, prompt versions and the past works it leans on. Their words, the brief and its source stay private.
    """
    return {
        "generator": "Greenroom",
        "model": provenance.get("model"),
        "prompt_versions": dict(provenance.get("prompt_versions") or {}),
        "works": [{name: work.get(name) for name in ("id", "title", "url")} for work in works],
    }


def sidecar(approved: Approved, now: datetime) -> dict[str, Any]:
    """Return the sidecar of an approved post; the index and the feeds are made from its `post`.

    All of it follows from the approved payload, but for the instants and the approval itself.
    """
    payload, decision = approved.proposal.payload, approved.decision
    return {
        "schema": SCHEMA,
        "post": {
            **{name: payload[name] for name in Post.model_fields if name in payload},
            "published_at": instant(now),
        },
        "page_sha256": hashlib.sha256(payload["page"].encode("utf-8")).hexdigest(),
        **payload.get("provenance", {}),  # pages frozen by earlier versions approved none, so they publish none
        "disclosure": payload.get("disclosure"),
        "approved": {
            "by": "a person",
            "at": instant(decision.at),
            "decision": decision.id,
            "sha": decision.sha,
        },
    }
