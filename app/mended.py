"""What was made of a draft before a person saw it: each revision, what it gained, and the version that was not kept."""

from typing import TYPE_CHECKING, Any

from core.drafts import Draft
from core.errors import NotFound
from core.proposals import Proposal
from core.versions import MENDS

if TYPE_CHECKING:
    from app.studio import Studio

_TIMES = {1: "once", 2: "twice"}


def mends_of(studio: "Studio", proposal: Proposal) -> list[dict[str, Any]]:
    """Return the revisions of the draft behind a proposal, the first one first; none where nothing was revised.

    Each has `kept`, `reason`, the weights `before` and `after`, `findings` (how many were there, how many are gone),
    `words` for a person, and `other`: the id and text of the version that was not kept (None once it is forgotten).
    """
    draft = _draft(studio, str(proposal.draft_id)) if proposal.draft_id else None
    return [_told(studio, entry) for entry in draft.inputs.get(MENDS, ())] if draft else []


def in_short(mends: list[dict[str, Any]]) -> str:
    """Say in one line how often a draft was revised and what came of it; empty where it was not."""
    if not mends:
        return ""
    said = " ".join(each["words"] for each in mends)
    return f"Revised {_TIMES.get(len(mends), f'{len(mends)} times')}: {said}"


def draft_of(studio: "Studio", draft_id: str) -> Draft:
    """Return one version of a draft of this workspace. Raises NotFound."""
    draft = _draft(studio, draft_id)
    if draft is None:
        raise NotFound(f"There is no draft {draft_id} in this workspace.", "greenroom show ID names its versions.")
    return draft


def _told(studio: "Studio", entry: dict[str, Any]) -> dict[str, Any]:
    old, new = _draft(studio, entry["of"]), _draft(studio, entry["draft"])
    other = old if entry["kept"] else new
    there, gone = _gone(old, new) if old and new else (None, None)
    return {
        **entry,
        "findings": {"before": there, "gone": gone},
        "words": _words(entry, there, gone),
        "other": {"draft": other.id, "text": other.content.text} if other else None,
    }


def _words(entry: dict[str, Any], there: int | None, gone: int | None) -> str:
    counted = f"{gone} of {there} findings gone; " if there else ""
    if entry["kept"]:
        return f"{counted}the version before it was replaced."
    why = "" if entry["reason"] in ("no better", "worse") else f" {entry['says']}"
    new = " and new ones came" if entry["reason"] == "worse" else ""
    return f"{counted.removesuffix('; ')}{new}{'; ' if counted else ''}the version before it was kept.{why}"


def _gone(old: Draft, new: Draft) -> tuple[int, int]:
    """Return how many findings an old version had, and how many of them the new one has not. Notes are not counted."""
    left = list(map(_key, _grave(new)))
    there = list(map(_key, _grave(old)))
    gone = 0
    for key in there:
        if key in left:
            left.remove(key)
        else:
            gone += 1
    return len(there), gone


def _grave(draft: Draft) -> list[tuple[Draft, Any]]:
    return [(draft, each) for each in draft.findings if each.severity != "note"]


def _key(found: tuple[Draft, Any]) -> tuple[str, str]:
    draft, finding = found
    words = getattr(draft.content, finding.field, "")
    return finding.rule, words[slice(*finding.span)] if finding.span and isinstance(words, str) else ""


def _draft(studio: "Studio", draft_id: str) -> Draft | None:
    try:
        draft = studio.memory.drafts.get(draft_id)
    except NotFound:  # forgotten since
        return None
    return draft if draft.workspace == studio.workspace.id else None
