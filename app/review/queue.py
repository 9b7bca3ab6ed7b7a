"""What a key does: the state of the review queue, without any terminal."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.review.keys import BACKSPACE, ENTER, ESCAPE
from app.wording import told
from core.errors import GreenroomError
from core.proposals import Proposal

if TYPE_CHECKING:
    from app.studio import Studio

Verb = Literal["approve", "edit", "changes", "reject", "hold"]

_AT_ONCE: dict[str, Verb] = {"a": "approve", "r": "reject", "h": "hold"}
_WITH_WORDS: dict[str, Verb] = {"c": "changes", "R": "reject", "H": "hold"}
_SAME = {"up": "k", "down": "j", "page up": "b", "page down": " "}

DONE = {
    "approve": "Approved",
    "edit": "Saved as a new version, which waits for you: an edit is no approval",
    "changes": "The new version waits in its place",
    "reject": "Rejected",
    "hold": "Held",
}
QUESTION = {
    "changes": "What should change?",
    "reject": "Why? (kept with your decision; may be empty)",
    "hold": "A note? (may be empty)",
}
LONGEST = 4000


@dataclass
class Kept:
    """What was typed and not sent yet, in files: a Ctrl+C, a crash or a lost line loses none of it."""

    folder: Path

    def of(self, proposal_id: str, verb: str) -> Path:
        """Return the file of one proposal's words for one verb."""
        return self.folder / f"{proposal_id}.{verb}.txt"

    def read(self, proposal_id: str, verb: str) -> str:
        """Return what was typed; nothing where nothing was."""
        file = self.of(proposal_id, verb)
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def write(self, proposal_id: str, verb: str, words: str) -> None:
        """Keep what is typed now."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.of(proposal_id, verb).write_text(words, encoding="utf-8")

    def drop(self, proposal_id: str, verb: str) -> None:
        """Forget it: it was sent."""
        self.of(proposal_id, verb).unlink(missing_ok=True)


@dataclass
class Queue:
    """Everything that waits, one of it in view, and what was said last."""

    studio: "Studio"
    kept: Kept
    by: str | None = None
    secret: str | None = None
    items: list[Proposal] = field(default_factory=list)
    at: int = 0
    scroll: int = 0
    said: str = ""
    last: str | None = None  # the decision that `u` takes back
    asking: Verb | None = None
    typed: str = ""
    help: bool = False
    done: bool = False
    wants_editor: bool = False

    @property
    def now(self) -> Proposal | None:
        """Return what is in view."""
        return self.items[self.at] if self.items else None

    def look(self) -> None:
        """Read what waits anew. What somebody else decided meanwhile leaves the queue, and is told."""
        before = self.now
        self.items = self.studio.pending()
        places = {each.id: place for place, each in enumerate(self.items)}
        if before is not None and before.id not in places:
            self._tell_of(before)
            self.scroll = 0
        self.at = places.get(before.id, self.at) if before else self.at
        self.at = max(0, min(self.at, len(self.items) - 1))

    def press(self, key: str) -> None:
        """Do what a key means here."""
        if self.asking:
            self._type(key)
            return
        key = _SAME.get(key, key)
        if self.help:
            self.help = False
        elif key in _AT_ONCE:
            self.decide(_AT_ONCE[key])
        elif key in _WITH_WORDS:
            self._ask(_WITH_WORDS[key])
        elif key in ("j", "k"):
            self._move(1 if key == "j" else -1)
        elif key == "u":
            self._undo()
        elif key == "e":
            self.wants_editor = self.now is not None
        elif key in (" ", "b"):
            self.scroll = max(0, self.scroll + (8 if key == " " else -8))
        elif key == "?":
            self.help = True
        elif key in ("q", ESCAPE):
            self.done = True

    def decide(self, verb: Verb, words: str = "") -> None:
        """Decide what is in view by the hash that is in view. An error is said, and changes nothing."""
        shown = self.now
        if shown is None:
            return
        note, body = ("", words) if verb == "edit" else (words, None)
        try:
            result = self.studio.decide(shown.id, verb, shown.sha, by=self.by, secret=self.secret, note=note, body=body)
        except GreenroomError as error:
            self.said = f"{error.message} {error.hint}".strip()
            self.look_again()
            return
        self.kept.drop(shown.id, verb)
        undoable = verb in ("approve", "reject", "hold")
        self.last = result.decision.id if undoable else None
        self.said = f"{DONE[verb]}.{' u takes it back.' if undoable else ''}"
        self._go_on(shown, result.new_proposal)

    def look_again(self) -> None:
        """Read what waits anew, and say nothing more than what was said."""
        said, before = self.said, self.now
        self.look()
        self.said = said or self.said
        if before and self.now and self.now.sha != before.sha:
            self.scroll = 0

    def _go_on(self, shown: Proposal, new: Proposal | None) -> None:
        """Show the new version in its place; else the next one that waits. What is held stays, behind."""
        self.items = self.studio.pending()
        ids = [each.id for each in self.items]
        if new is not None and new.id in ids:
            self.at = ids.index(new.id)
        elif shown.id in ids:
            self.at = min(ids.index(shown.id) + 1, len(ids) - 1)
        self.at = max(0, min(self.at, len(self.items) - 1))
        self.scroll = 0

    def _move(self, by: int) -> None:
        self.at = max(0, min(self.at + by, len(self.items) - 1))
        self.scroll, self.said = 0, ""

    def _ask(self, verb: Verb) -> None:
        if self.now is not None:
            self.asking, self.typed = verb, self.kept.read(self.now.id, verb)

    def _type(self, key: str) -> None:
        shown, verb = self.now, self.asking
        if shown is None or verb is None or key == ESCAPE:
            self.asking = None
            self.said = "What you typed is kept." if self.typed else ""
            return
        if key == ENTER:
            if verb == "changes" and not self.typed.strip():
                self.said = "Say what should change, or leave it with Esc."
                return
            words, self.asking, self.typed = self.typed, None, ""
            self.decide(verb, words)
            return
        if key == BACKSPACE:
            self.typed = self.typed[:-1]
        elif len(key) == 1 and key.isprintable() and len(self.typed) < LONGEST:
            self.typed += key
        self.kept.write(shown.id, verb, self.typed)

    def _undo(self) -> None:
        if self.last is None:
            self.said = "There is nothing to take back here. Older ones: greenroom undo DECISION"
            return
        try:
            back = self.studio.undo(self.last, by=self.by, secret=self.secret)
            self.said, self.last = "Taken back. It waits for you again.", None
        except GreenroomError as error:
            self.said = f"{error.message} {error.hint}".strip()
            return
        self.items = self.studio.pending()
        self.at = next((place for place, each in enumerate(self.items) if each.id == back.id), self.at)
        self.scroll = 0

    def _tell_of(self, gone: Proposal) -> None:
        from app.cards import standing

        decision = standing(self.studio.memory.decisions.for_proposal(gone.id))
        zone = self.studio.workspace.timezone
        self.said = (
            told(decision, zone, self.studio.clock()) + "." if decision else "This is no longer among what waits."
        )
