"""Revoked consent takes effect at once: on the sender by the word itself, on what is unsent by voiding it."""

from memory import Memory
from memory.consents import Consent
from memory.voiding import Swept


def revoke(
    memory: Memory, workspace: str, subject: str, *, by: str, note: str = "", secret: str | None = None
) -> tuple[Consent, Swept]:
    """Revoke consent, and void everything unsent that needs it; say what that was, and what it came too late for."""
    said = memory.consents.say(workspace, subject, granted=False, by=by, note=note, secret=secret)
    return said, memory.voiding.sweep(workspace, memory.grounds.consent, by=by)
