"""The one console that people read from: it styles what we print, and obeys nothing that stands in their texts."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from app.visible import visible


class Terminal(Console):
    """A console on which control characters of a text are signs. Its own (colours, a progress bar) work as ever."""

    def render_str(self, text: str, **how: Any) -> Text:
        """Return words as they are laid out: made visible first, so that a sign counts as wide as it is."""
        return super().render_str(visible(text), **how)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield what is printed; a text that came as an object of its own is made visible here."""
        for each in super().render(renderable, options):
            yield each if each.control else Segment(visible(each.text), each.style)
