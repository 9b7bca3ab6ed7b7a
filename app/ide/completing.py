"""What a person may be typing: a channel's name, a draft's or a work's id."""

from app.callers import Caller
from app.ide.shelves import books
from core.channels import channels

MOST = 100


def complete(caller: Caller, name: str, begun: str) -> list[str]:
    """Return what an argument of a prompt, or a part of an address, may become; nothing for one of another kind."""
    before, _, last = begun.rpartition(",") if name == "channels" else ("", "", begun)
    return [f"{before},{each}" if before else each for each in _known(caller, name) if each.startswith(last.strip())]


def _known(caller: Caller, name: str) -> list[str]:
    if name in ("channel", "channels"):
        return [each.name for each in channels()]
    shelf = {"work_id": "/works/", "proposal_id": "/proposals/"}.get(name)
    return [each.uri.rsplit("/", 1)[1] for each in books(caller) if shelf in each.uri] if shelf else []
