"""One round of a newsletter: what is due is handed over, row by row, until all is done or time is up.

Every row is committed before its mail can leave and again when its answer is known, so that a process which is killed
at any point leaves at most one mail of which nobody knows.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from core.errors import Rejected, SendError, TryLater
from core.publications import Publication
from core.subscribers import Outcome, Recipient
from memory import Memory
from publishing.smtp import Cut, Line, NotNow

MOST_CUTS = 3
"""How often a round opens the line again, and how many mails in a row may end unclear, before it stops."""

QUIET = timedelta(minutes=15)
"""How long a server is left alone that takes nothing from us."""


class Round:
    """Hands over a publication's due mails. `until`: no mail is begun after that."""

    def __init__(
        self,
        memory: Memory,
        publication: Publication,
        *,
        open_line: Callable[[], Line],
        write: Callable[[Recipient], bytes],
        sender: str,
        clock: Callable[[], datetime],
        until: datetime,
    ) -> None:
        self._memory = memory
        self._publication = publication
        self._open_line = open_line
        self._write = write
        self._sender = sender
        self._clock = clock
        self._until = until
        self._line: Line | None = None
        self._cuts = 0
        self._unclear = 0

    def run(self) -> SendError | None:
        """Hand over what is due; return what stopped the round early, if something did."""
        try:
            for recipient in self._memory.mailings.due(self._publication.id):
                if self._clock() >= self._until:
                    return TryLater("The time of this round is up.", self._clock())
                self._one(recipient)
        except SendError as stopped:
            return stopped
        finally:
            self._hang_up()
        return None

    def _one(self, recipient: Recipient) -> None:
        """Hand one mail over, over a new line if the old one broke before it could leave. Raises SendError to stop."""
        data = self._write(recipient)
        while True:
            try:
                outcome = self._handed_over(recipient, data)
            except Cut as cut:
                self._put_back(recipient)
                self._count_a_cut(cut)
            except NotNow as no:
                raise self._stopped(no) from no
            else:
                self._note(recipient, outcome)
                return

    def _handed_over(self, recipient: Recipient, data: bytes) -> Outcome:
        if self._line is None:
            self._line = self._open_line()
        epoch = self._publication.epoch
        return self._line.hand_over(
            self._sender, recipient.address, data, lambda: self._memory.mailings.arm(recipient, epoch=epoch)
        )

    def _note(self, recipient: Recipient, outcome: Outcome) -> None:
        if outcome.state == "skipped":
            self._go_on_only_if_held()
            return
        self._memory.mailings.record(recipient, outcome)
        self._unclear = self._unclear + 1 if outcome.state == "unknown" else 0
        if outcome.state == "unknown":
            self._hang_up()
        if self._unclear >= MOST_CUTS:
            raise TryLater("The line breaks after each mail.", self._clock() + QUIET)

    def _go_on_only_if_held(self) -> None:
        """Somebody left the list meanwhile, which is noted at the end; or another worker has the whole by now."""
        held = self._memory.publications.get(self._publication.id)
        if (held.state, held.epoch) != ("armed", self._publication.epoch):
            raise TryLater("Another worker took it over.", self._clock())

    def _put_back(self, recipient: Recipient) -> None:
        """The line broke before the mail's content was asked for: it certainly has not left."""
        self._hang_up()
        self._memory.mailings.put_back(recipient)

    def _count_a_cut(self, cut: Cut) -> None:
        self._cuts += 1
        if self._cuts > MOST_CUTS or self._clock() >= self._until:
            raise TryLater(f"The mail server closes the line ({cut}).", self._clock() + QUIET)

    def _stopped(self, no: NotNow) -> SendError:
        message = f"The mail server {no}."
        return Rejected(message) if no.final else TryLater(message, self._clock() + QUIET)

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
