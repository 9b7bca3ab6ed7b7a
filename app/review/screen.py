"""The screen: what waits on the left where there is room, the thing itself, why, and the keys, always in view."""

import io

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.markup import escape

from app.cli.cards import RICH_COLOURS, show_card
from app.review.queue import QUESTION, Queue
from app.visible import visible
from app.wording import number_of
from core.proposals import MARKS, Proposal

KEYS = "a approve  e edit  c changes  r reject  h hold  j next  k back  u undo  ? keys"
HELP = """
a        approve exactly what you see
e        edit it in your editor: a new version, which waits
c        ask for changes
r        reject; R rejects with a reason
h        hold; H holds with a note
j k      next, back (arrows too)
u        take the last decision back, while it can be
space b  further down, back up
?        this list
q        leave; nothing is lost, also with Ctrl+C

Enter sends what you type; Esc leaves it, and keeps what you typed."""
LIST = 26
WIDE = 100
"""From how many columns on the list stands beside the card."""

_FOOT = 3


def draw(queue: Queue, width: int, height: int) -> str:
    """Return the whole screen, at most `height` lines of at most `width` columns."""
    room = max(2, height - _FOOT - 1)
    body = _body(queue, width, room)
    head = _rendered(f"[bold]Greenroom[/] · {_waits(queue)}", width, 1)
    return "\n".join([*head, *body, *[""] * (room - len(body)), *_foot(queue, width)][:height])


def _waits(queue: Queue) -> str:
    total = len(queue.items)
    place = f", this is {queue.at + 1}" if total else ""
    return f"{number_of(total, 'draft waits', 'drafts wait')} for you{place}"


def _body(queue: Queue, width: int, room: int) -> list[str]:
    if queue.help:
        return _rendered(HELP.strip("\n"), width, room)
    if queue.now is None:
        nothing = 'Nothing waits for you.\n\nStart something:  greenroom brief "What you want to announce"'
        return _rendered(nothing, width, room)
    if width < WIDE:
        return _card(queue, queue.now, width, room)
    beside, card = _listed(queue, room), _card(queue, queue.now, width - LIST - 3, room)
    pairs = ((beside[row : row + 1], card[row : row + 1]) for row in range(room))
    return [f"{left[0] if left else ' ' * LIST} │ {right[0] if right else ''}" for left, right in pairs]


def _card(queue: Queue, shown: Proposal, width: int, room: int) -> list[str]:
    console = _console(width)
    show_card(console, _harmless(shown), queue.studio.workspace.timezone)
    lines = _output(console).splitlines()[1:]  # its first line is empty
    queue.scroll = max(0, min(queue.scroll, len(lines) - room))
    part = lines[queue.scroll : queue.scroll + room]
    below = len(lines) - queue.scroll - room
    if below > 0:
        part[-1:] = _rendered(f"[bold]▾ {below + 1} more lines: space[/]", width, 1)
    return part


def _harmless(shown: Proposal) -> Proposal:
    """Return a proposal whose every word can be put on a terminal: what a model wrote must not be obeyed by it."""
    return Proposal.model_validate(_cleaned(shown.model_dump()))


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {key: _cleaned(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(each) for each in value]
    return value


def _listed(queue: Queue, room: int) -> list[str]:
    first = max(0, min(queue.at - room // 2, len(queue.items) - room))
    part = queue.items[first : first + room]
    return [_row(each, here=place == queue.at) for place, each in enumerate(part, start=first)]


def _row(each: Proposal, *, here: bool) -> str:
    colour, _shape, character = MARKS[each.state]
    words = " ".join(visible(f"{each.channel} {each.locale} {each.text[:80]}").split())
    console = _console(LIST)
    console.print("▎" if here else " ", style="green", end="")
    console.print(f"{character} ", style=RICH_COLOURS[colour], end="")
    console.print(set_cell_size(words, LIST - 4), style="bold" if here else "", markup=False, end="")
    return _output(console)


def _foot(queue: Queue, width: int) -> list[str]:
    if queue.asking:
        typed = queue.typed
        while cell_len(typed) > width - 4:
            typed = typed[1:]
        asked = f"[bold]{QUESTION[queue.asking]}[/] Enter sends, Esc keeps it"
        return ["", *_rendered(asked, width, 1), *_rendered(f"> {escape(typed)}▏", width, 1)]
    said = _rendered(f"[bold]{escape(visible(queue.said))}[/]", width, 2) if queue.said else []
    return [*said, *[""] * (2 - len(said)), *_rendered(KEYS, width, 1)]


def _rendered(markup: str, width: int, room: int) -> list[str]:
    console = _console(width)
    console.print(markup)
    return _output(console).splitlines()[:room]


def _console(width: int) -> Console:
    return Console(file=io.StringIO(), width=width, force_terminal=True, highlight=False, color_system="standard")


def _output(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()
