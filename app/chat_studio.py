"""The studio that this process serves: Chainlit loads the chat page's code by its file's path and hands nothing in."""

from app.studio import Studio

_named: list[Studio] = []


def name(studio: Studio) -> None:
    """Name the studio behind this process's pages. Chainlit is one per process, and so is this."""
    _named[:] = [studio]


def served() -> Studio:
    """Return it. Raises RuntimeError where nothing is served."""
    if not _named:
        raise RuntimeError("nothing is served: create_app names the studio before the chat page is loaded")
    return _named[0]
