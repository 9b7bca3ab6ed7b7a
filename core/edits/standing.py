"""Whether a rule holds: what edits said of it, weighed by how long ago that is, and what the person said of it."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from core.base import Instant, Noun

Voice = Literal["for", "against", "kept", "overruled"]
"""What one edit says: the person made the change, left the chance as it was, left it made by us, or took that back."""

Word = Literal["accept", "reject", "undo"]
State = Literal["candidate", "active", "rejected", "faded"]

SUPPORT, PIECES = 3, 2
CONTRADICTION = 0.2  # a rule begins to hold with less of its evidence against it
DOUBT = 0.4  # and ends when so much of it is: a single slip in a row of five is none
IN_A_ROW = 2  # the newest edits against a rule end it, whatever was before
LEFT_BEHIND = 3  # and so many end what there was of a candidate: what somebody takes up anew is not held against them
HALF_LIFE_EDITS, HALF_LIFE_DAYS = 20, 180
FAINT = 0.3  # of one edit's weight: what is left then is too old to go by
_WEIGHTS: dict[Voice, float] = {"for": 1.0, "kept": 0.5, "against": 1.0, "overruled": 1.5}


class Sign(Noun):
    """One edit's word on a rule. `edit` counts the workspace's edits, so that it says how many came since."""

    voice: Voice
    decision_id: str
    proposal_id: str
    piece: str  # the brief: variants and channels of one piece are one
    at: Instant
    edit: int


class Said(Noun):
    """The person's own word on a rule."""

    word: Word
    by: str
    at: Instant
    seq: int = 0  # words of one second stand in this order


class Life(NamedTuple):
    """How a rule stands, since when, and the edits that carry it."""

    state: State
    since: Instant | None
    support: tuple[Sign, ...]
    contradiction: float


class _Run:
    """Evidence as it comes in: a rule that ended begins again from nothing."""

    def __init__(self) -> None:
        self.streak = 0  # of edits against it
        self._begin()

    def _begin(self) -> None:
        self.support: list[Sign] = []
        self.signs: list[Sign] = []
        self.since: Instant | None = None

    @property
    def active(self) -> bool:
        return self.since is not None

    def take(self, sign: Sign) -> None:
        self.signs.append(sign)
        if sign.voice == "for":
            self.support.append(sign)
        self.streak = self.streak + 1 if sign.voice in ("against", "overruled") else 0
        doubtful = self.active and self.contradiction(sign.edit, sign.at) >= DOUBT
        if doubtful or self.streak >= (IN_A_ROW if self.active else LEFT_BEHIND):
            self._begin()
        elif not self.active and self._earned(sign):
            self.since = sign.at

    def _earned(self, sign: Sign) -> bool:
        enough = len(self.support) >= SUPPORT and len({each.piece for each in self.support}) >= PIECES
        return enough and self.contradiction(sign.edit, sign.at) < CONTRADICTION

    def weight(self, edit: int, at: Instant, *, against: bool) -> float:
        voices = ("against", "overruled") if against else ("for", "kept")
        return sum(_WEIGHTS[each.voice] * _faded(each, edit, at) for each in self.signs if each.voice in voices)

    def contradiction(self, edit: int, at: Instant) -> float:
        contra, pro = self.weight(edit, at, against=True), self.weight(edit, at, against=False)
        return contra / (contra + pro) if contra + pro else 0.0


def _faded(sign: Sign, edit: int, at: Instant) -> float:
    days = max(0.0, (at - sign.at).total_seconds() / 86_400)
    return float(0.5 ** (max(0, edit - sign.edit) / HALF_LIFE_EDITS + days / HALF_LIFE_DAYS))


def life_of(signs: Sequence[Sign], words: Sequence[Said] = (), *, edit: int, now: Instant) -> Life:
    """Return how a rule stands after `edit` edits at `now`.

    A person's last word goes first: `reject` holds, `accept` makes it active until the newest edits speak against it,
    `undo` leaves it to the edits again.
    """
    run = _Run()
    for sign in sorted(signs, key=lambda each: (each.at, each.edit)):
        run.take(sign)
    said = max(words, key=lambda each: (each.at, each.seq), default=None)
    contra = run.contradiction(edit, now)
    support = tuple(run.support)
    if said and said.word == "reject":
        return Life("rejected", said.at, support, contra)
    if said and said.word == "accept" and not _since_then_against(signs, said):
        return Life("active", said.at, support, contra)
    if run.active and run.weight(edit, now, against=False) < FAINT:
        return Life("faded", run.since, support, contra)
    return Life("active" if run.active else "candidate", run.since, support, contra)


def _since_then_against(signs: Sequence[Sign], said: Said) -> bool:
    later = [sign for sign in sorted(signs, key=lambda each: (each.at, each.edit)) if sign.at > said.at]
    last = later[-IN_A_ROW:]
    return len(last) == IN_A_ROW and all(sign.voice in ("against", "overruled") for sign in last)
