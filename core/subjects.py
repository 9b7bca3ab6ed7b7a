"""Whether two briefs are about the same thing: the same work, or asks that share most of their telling words."""

import regex

from core.briefs import Brief

_SHORTEST = 4
_SHARED = 0.5
_OF_BRIEFS = frozenset(
    {"announce", "about", "episode", "write", "post", "tell", "with", "from", "that", "this", "what"}
)


def same_subject(one: Brief, other: Brief) -> bool:
    """Say whether two briefs tell of the same thing."""
    if one.source_work_id is not None and one.source_work_id == other.source_work_id:
        return True
    mine, theirs = _words(one), _words(other)
    fewer = min(len(mine), len(theirs))
    return fewer > 1 and len(mine & theirs) / len(mine | theirs) >= _SHARED


def _words(brief: Brief) -> set[str]:
    found = regex.findall(r"[\p{L}\p{M}\d]+", f"{brief.ask} {brief.source_title}".casefold())
    return {word for word in found if len(word) >= _SHORTEST and word not in _OF_BRIEFS}
