"""What is said in a conversation goes into memory, where both sides find it again."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.dialogue import Said
from core.errors import Busy
from core.ids import WORK, ids_in
from memory import Memory

GREENROOM = "Greenroom"


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Remembering:
    """One workspace's conversations, as they are kept. `person` is who speaks with Greenroom there."""

    memory: Memory
    workspace: str
    person: str
    now: Callable[[], datetime]

    def __call__(self, thread_id: str, asked: str, answered: str, brought: Sequence[str] = ()) -> None:
        """Keep what was asked and answered; `brought` is what tools told, whose works the answer may quote.

        Somebody who writes for long costs the memory of this exchange, never the conversation.
        """
        now = self.now()
        works = tuple(dict.fromkeys(ids_in(WORK, "\n".join((asked, answered, *brought)))))
        said = [(self.person, asked, "asked"), (GREENROOM, answered, "answered")]
        turns = [
            Said(
                source=f"chat:{thread_id}:{now.isoformat()}:{what}",
                thread=f"chat:{thread_id}"[:64],
                speaker=speaker,
                text=text,
                said_at=now,
                works=works if what == "answered" else tuple(ids_in(WORK, asked)),
            )
            for speaker, text, what in said
        ]
        try:
            self.memory.dialogue.remember(self.workspace, turns)
        except Busy:
            log.warning("An exchange was not remembered: somebody else is writing.")
