"""How far long work is, on stderr."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show what is done on stderr, where somebody looks."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    from app.cli.terminal import Terminal

    columns = (TextColumn("{task.description:<9}"), BarColumn(), TaskProgressColumn())
    console = Terminal(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield tell
