"""A sitting: keys in, decisions out, until somebody leaves."""

import shlex
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

from app.review.keys import INTERRUPT, Terminal, taken
from app.review.queue import Kept, Queue
from app.review.screen import draw
from core.errors import Busy, GreenroomError

if TYPE_CHECKING:
    from app.studio import Studio

LOOK_EVERY_S = 1.0
HELD_BACK_S = 0.4
_EDITORS = ("nano", "vi")


def review(studio: "Studio", *, by: str | None = None, secret: str | None = None) -> int:
    """Review what waits at this terminal; return how many are left. Decisions of other doors show within a second."""
    from datetime import timedelta

    studio.crew.desk.grace = timedelta(seconds=studio.settings.undo_seconds)
    queue = Queue(studio, Kept(studio.settings.home / "review"), by, secret)
    queue.look()
    with taken() as terminal:
        while not queue.done:
            size = shutil.get_terminal_size()
            terminal.draw(draw(queue, size.columns, size.lines))
            key = terminal.key(LOOK_EVERY_S)
            if key == INTERRUPT:
                break
            if key is not None and not queue.asking and terminal.pasted():
                terminal.drop()
                queue.said = "That came all at once. Nothing was decided: one key at a time."
                continue
            _one(queue, terminal, key)
    return len(queue.items)


def _one(queue: Queue, terminal: Terminal, key: str | None) -> None:
    if key is None:
        shown = queue.now
        try:
            queue.look_again()
        except Busy:
            return  # the next look may do better
        if shown and (queue.now is None or queue.now.id != shown.id):
            time.sleep(HELD_BACK_S)  # somebody else decided it: a key that is on its way was not meant for the next one
            terminal.drop()
    else:
        queue.press(key)
    if queue.wants_editor:
        queue.wants_editor = False
        _edit(queue, terminal)


def _edit(queue: Queue, terminal: Terminal) -> None:
    """Open what is in view in an editor. What is written is kept in a file until it has become a new version."""
    shown = queue.now
    editor = queue.studio.settings.editor or next((each for each in _EDITORS if shutil.which(each)), None)
    if shown is None or editor is None:
        queue.said = "There is no editor here: set EDITOR. Or: greenroom decide ID edit --sha SHA --body-file FILE"
        return
    try:
        document = queue.studio.document(shown.id)
        if not queue.kept.read(shown.id, "edit"):
            queue.kept.write(shown.id, "edit", document)
        with terminal.away():
            code = subprocess.run([*shlex.split(editor), str(queue.kept.of(shown.id, "edit"))], check=False).returncode
        written = queue.kept.read(shown.id, "edit")
    except (GreenroomError, OSError, UnicodeDecodeError, ValueError) as error:
        queue.said = f"Nothing was changed: {error}"
        return
    if code != 0 or written.rstrip() == document.rstrip():
        queue.said = "Nothing was changed."
        if written.rstrip() == document.rstrip():
            queue.kept.drop(shown.id, "edit")
        return
    queue.decide("edit", written)
