"""A receipt: what was removed, by ids and counts. No word of it is in there, and names are salted hashes."""

import hashlib
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from core.base import Noun
from core.canonical import instant
from memory.forgetting.case import Case

_BACKUPS = "Backups and exports that were made before still hold it: delete them, or make new ones."
_SITE = "What was published stays where it was published; the own site's pages are in the home's folder `site`."
_AGAIN = "An import of the same files or services would bring it back."


class Checked(Noun):
    """What came of checking a receipt."""

    ok: bool  # the signature is right
    ours: bool  # it was made with this home's key
    in_ledger: bool  # the ledger tells of this forgetting, and of this receipt
    id: str


def begin(forgetting_id: str, case: Case, at: datetime, home: Path) -> dict[str, Any]:
    """Return the receipt of a forgetting whose tables are done."""
    wish, ids = case.wish, sorted(case.ids)
    whole = wish.kind == "workspace"
    salt = secrets.token_hex(8)
    return {
        "v": 1,
        "id": forgetting_id,
        "kind": wish.kind,
        "workspace": None if whole else wish.workspace,
        "salt": salt,
        "subject": salted(salt, wish.workspace if whole else wish.named) if whole or wish.named else None,
        "work_id": ids[0] if len(ids) == 1 else None,
        "works": ids,
        "removed": dict(sorted(case.counts.get("removed", {}).items())),
        "blanked": dict(sorted(case.counts.get("blanked", {}).items())),
        "rewritten": [versions[-1].id for versions in case.shared],
        "mentions": case.mentions,
        "stale": case.stale,
        "kept": dict(sorted(case.counts.get("kept", {}).items())),
        "withheld": len(set(case.withheld)),
        "index": "not looked at yet",
        "scrubbed": False,
        "pending": [],
        "notes": _notes(case, home),
        "asked_at": instant(at),
        "finished_at": None,
    }


def salted(salt: str, name: str) -> str:
    """Return what a name is in a receipt: who knows the name can tell that it is the one."""
    return hashlib.sha256(f"{salt}\n{name}".encode()).hexdigest()


def _notes(case: Case, home: Path) -> list[str]:
    kept = sum(case.counts.get("kept", {}).values())
    notes = [_BACKUPS, _SITE]
    if aside := sorted(folder.name for folder in home.glob("replaced-*")):
        notes.append(f"A restore set older files aside, which still hold it: {', '.join(aside)}. Delete them.")
    if case.wish.kind != "workspace":
        notes.append(_AGAIN)
    if kept and not case.wish.also_decided:
        notes.append(
            "What was proposed, decided or published keeps its words: forget with --also-decided to blank them."
        )
    elif kept:
        notes.append("What is being sent, or may have left, keeps its words: forget again when it is over.")
    if case.mentions:
        notes.append("Works that name the person stay as they are: forget with --mentions to blank the name there.")
    return notes
