"""The error tree. A class says what happened; `hint` says what to do; a door turns both into what it shows.

GreenroomError
├── WrongUse            the call itself is off                          exit 2
│   └── BadInput        a file, field or line can't be used             exit 2
├── NotFound            no such thing in this workspace                 exit 1
├── Stale               what was shown has changed                      exit 3
├── AlreadyDecided      somebody decided first                          exit 4
├── NotAllowed          this person (or the agent) may not              exit 5
├── NeedsModel          can't be done without a language model          exit 6
├── ModelFailed         the model's server failed or answered nonsense  exit 1
├── OverBudget          the next model call could cost more than is left exit 7
├── PrivateMaterial     private, and no place it may be sent to         exit 5
├── Busy                another process holds what is needed            exit 1
├── Damaged             a backup that can't be trusted (memory.backup)  exit 1
└── SendError           nothing (or nothing certain) left
    ├── Refused         the sender found no matching approval
    ├── Rejected        the platform said no, for certain
    ├── NotConnected    no sender or no valid credentials for the channel
    ├── TryLater        not sent, for certain; the platform says when to come back
    └── Unknown         it may or may not have left: reconcile
"""

from datetime import datetime


class GreenroomError(Exception):
    """Something went wrong that a person can be told about."""

    kind = "failed"
    exit_code = 1

    def __init__(self, message: str, hint: str = "", **details: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details  # what another program may need: a new proposal's id, who decided


class WrongUse(GreenroomError):
    """The call itself is off."""

    kind = "wrong_use"
    exit_code = 2


class BadInput(WrongUse):
    """A file, field or line can't be used."""

    kind = "bad_input"


class NotFound(GreenroomError):
    """There is no such thing in this workspace."""

    kind = "not_found"


class Stale(GreenroomError):
    """What was shown has changed since."""

    kind = "stale"
    exit_code = 3


class AlreadyDecided(GreenroomError):
    """Somebody decided first."""

    kind = "already_decided"
    exit_code = 4


class NotAllowed(GreenroomError):
    """This actor may not do this."""

    kind = "not_allowed"
    exit_code = 5


class NeedsModel(GreenroomError):
    """This can't be done without a language model (or another engine that is not configured)."""

    kind = "needs_model"
    exit_code = 6


class ModelFailed(GreenroomError):
    """The model's server failed, or its answer could not be used even after repair."""

    kind = "model_failed"
    may_be_billed = False
    """Whether the request was sent and its answer lost on the way: its price may be asked all the same."""


class OverBudget(GreenroomError):
    """The next model call could cost more than a budget has left: nothing was asked, a person chooses how to go on."""

    kind = "over_budget"
    exit_code = 7


class PrivateMaterial(NotAllowed):
    """What is marked private would have gone to a hosted model; nothing was sent."""

    kind = "private"


class Busy(GreenroomError):
    """Another process holds what is needed."""

    kind = "busy"


class SendError(GreenroomError):
    """A publication did not (certainly) leave."""

    kind = "send_error"


class Refused(SendError):
    """The sender found no approval that matches these bytes."""

    kind = "refused"


class Rejected(SendError):
    """The platform refused for certain; nothing is live."""

    kind = "rejected"


class NotConnected(SendError):
    """The channel has no sender or no valid credentials; queued posts pause, they don't fail."""

    kind = "not_connected"


class TryLater(SendError):
    """Certainly not sent: a quota is used up or the platform asks to wait. The post pauses, it doesn't fail."""

    kind = "try_later"

    def __init__(self, message: str, until: datetime, hint: str = "") -> None:
        super().__init__(message, hint)
        self.until = until  # aware


class Unknown(SendError):
    """It may or may not have left; only reading back can tell."""

    kind = "unknown"
