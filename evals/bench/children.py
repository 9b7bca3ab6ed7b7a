"""What the processes that a benchmark starts are given."""

import os


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment for one that it starts, with `more` in it."""
    return {**os.environ, **more}
