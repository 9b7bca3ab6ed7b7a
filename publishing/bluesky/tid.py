"""The record key of a post, chosen before it is sent: a TID, which is how Bluesky writes a moment and who took it."""

from datetime import UTC, datetime

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
LENGTH = 13
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tid(made_at: datetime, stable: str, part: int = 1) -> str:
    """Return 13 characters: 53 bits of microseconds and 10 of a clock's id, so that the keys of parts sort in order.

    Of the moment only whole seconds count, since a database may keep no more; what stands for the microseconds and the
    clock is taken from `stable` (64 hex digits), so that two posts of one second meet once in a billion pairs.
    """
    drawn, clock_id = divmod(int(stable, 16), 1024)
    seconds = int((made_at - _EPOCH).total_seconds()) + part - 1
    number = (seconds * 1_000_000 + drawn % 1_000_000) << 10 | clock_id
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))
