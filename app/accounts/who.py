"""Who is asking: the one question that every web door puts, and its one answer."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from pydantic import SecretStr

if TYPE_CHECKING:
    from app.studio import Studio

KEPT = 200
"""How many people's studios are kept open at most; they share one memory."""


@dataclass(frozen=True)
class Person:
    """Who asks. `by` is None for whom this process works for; `secret` is their proof: the bearer of their session."""

    by: str | None = None
    secret: str | None = field(default=None, repr=False)
    session_id: str | None = None
    role: str = "owner"

    @property
    def is_nobody(self) -> bool:
        """Whether nobody has signed in where somebody has to."""
        return self.by == ""


OWNER = Person()
NOBODY = Person(by="", role="viewer")
"""On a public page of a web that has a login. Whatever it asks memory for is refused: no member has this name."""

_ASKING: ContextVar[Person] = ContextVar("person", default=OWNER)


def who_asks(_request: object = None) -> Person:
    """Return who the request, or the socket, that is being served comes from: the owner, where there is no login."""
    return _ASKING.get()


@contextmanager
def asked_by(person: Person) -> Iterator[None]:
    """Serve what is inside for this person; tasks and threads that begin in it know them too."""
    before = _ASKING.set(person)
    try:
        yield
    finally:
        _ASKING.reset(before)


@dataclass(frozen=True)
class People:
    """The studio as each person sees it, over the memory of one process."""

    studio: "Studio"
    _open: "OrderedDict[Person, Studio]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def mine(self) -> "Studio":
        """Return the studio of who asks."""
        person = who_asks()
        if person.by is None:
            return self.studio
        with self._lock:  # each request has a thread of its own: one may not lose what another makes room for
            found = self._open.pop(person, None) or self._beside(person)
            self._open[person] = found  # who asks last is let go of last
            while len(self._open) > KEPT:
                self._open.popitem(last=False)
        return found

    def _beside(self, person: Person) -> "Studio":
        from app.studio import Studio

        secret = SecretStr(person.secret) if person.secret else None
        whose = {"workspace": self.studio.workspace.id, "user": person.by, "secret": secret}
        settings = self.studio.settings.model_copy(update=whose)
        made = Studio(settings, self.studio.memory, model=self.studio.given_model, clock=self.studio.clock)
        made.crew.desk.grace = self.studio.crew.desk.grace  # how long an approval can be taken back
        return made
