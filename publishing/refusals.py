"""Credentials that a platform has refused are left alone for a while: every further try could only be refused too."""

from collections.abc import Callable
from datetime import datetime, timedelta

from core.publications import Publication
from memory import Memory

REST = timedelta(minutes=15)
"""How long refused credentials rest, unless their account is connected anew, or tested, before that."""


class Refusals:
    """Which accounts' credentials were refused, as the posts that wait for them tell."""

    def __init__(self, memory: Memory, clock: Callable[[], datetime]) -> None:
        self._memory = memory
        self._clock = clock

    def standing(self, publication: Publication) -> Publication | None:
        """Return a post of the same account that was refused and whose refusal still stands."""
        paused = self._memory.publications.list(publication.workspace, states=("paused_auth",))
        same = (each for each in paused if (each.channel, each.account) == (publication.channel, publication.account))
        return next((each for each in same if self.stands(each)), None)

    def stands(self, paused: Publication) -> bool:
        """Say whether it is too early to try the credentials of a paused post again."""
        if paused.not_before is None or paused.not_before <= self._clock():
            return False
        found = self._memory.connections.find(paused.workspace, paused.channel, paused.account)
        return found is not None and max(found.connected_at, found.checked_at or found.connected_at) < paused.updated_at

    def rest(self) -> datetime:
        """Return until when credentials rest that were refused just now."""
        return self._clock() + REST
