"""One person's earlier conversations in the chat: which there are, and the turns of one that they go on with.

Whose a conversation is, its turns say: only who spoke in it, and nobody beside them, may see it again.
"""

import re
from typing import TYPE_CHECKING

from app.remembering import GREENROOM
from core.dialogue import Thread, Turn
from core.errors import NotFound

if TYPE_CHECKING:
    from app.studio import Studio

_PREFIX = "chat:"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What the chat page names its conversations by; those of other doors are no such ids: Slack's have several readers."""


class Talks:
    """The conversations of who a studio works for: `People.mine` gives the studio of who asks."""

    def __init__(self, studio: "Studio") -> None:
        self._dialogue = studio.memory.dialogue
        self._workspace = studio.workspace.id
        self._person = studio.settings.user

    def earlier(self) -> list[Thread]:
        """Return them, the last spoken first; `thread` is the id that `turns` and the page's address take."""
        found = self._dialogue.threads(self._workspace, self._person, answering=GREENROOM)
        own = [(each.thread.removeprefix(_PREFIX), each) for each in found]
        return [each.model_copy(update={"thread": talk}) for talk, each in own if _ID.fullmatch(talk)]

    def turns(self, talk: str) -> list[Turn]:
        """Return what was said in one. Raises NotFound alike for an unknown one and for somebody else's."""
        found: list[Turn] = []
        if _ID.fullmatch(talk):
            found = self._dialogue.held(self._workspace, self._person, f"{_PREFIX}{talk}", answering=GREENROOM)
        if not found:
            raise NotFound(
                "There is no such conversation of yours.", "Those that you can go on with are under Earlier."
            )
        return found
