"""Members' secrets: hashed with argon2id, never kept in clear, asked for every time, and slow to guess."""

import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import select, update

from core.canonical import instant
from core.errors import BadInput, NotAllowed
from memory.clock import Clock
from memory.database import Database
from memory.tables import members as table

SHORTEST = 8
LONGEST = 1024
FREE_TRIES = 5
"""How many wrong answers in a row cost nothing but argon2's own time."""

LONGEST_WAIT = timedelta(minutes=5)
"""What a forgotten secret, or somebody who guesses, can cost its owner at most."""

SESSION_PREFIX = "grs_"
"""How the bearer of a web session begins: whoever has one has proved who they are, and no secret may look like it."""

HOW = "Give it with --secret-file FILE, at the prompt of a terminal, or in the setting GREENROOM_SECRET."


def hashed(secret: str) -> str:
    """Return a secret's argon2id hash, salted. Raises BadInput for one that is too short, too long or no text."""
    if len(secret.strip()) < SHORTEST:
        raise BadInput(f"A secret has at least {SHORTEST} characters.", "Three or four words that only you know do.")
    if secret.startswith(SESSION_PREFIX):
        raise BadInput(f"A secret does not begin with {SESSION_PREFIX}.", "Choose another one.")
    from argon2 import PasswordHasher

    return PasswordHasher().hash(_plain(secret))


def fits(secret: str, kept: str) -> bool:
    """Say whether a secret is the one that was hashed, in a time that tells nothing about it."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(kept, _plain(secret))
    except (VerificationError, InvalidHashError):
        return False


def proven(database: Database, clock: Clock, workspace: str, name: str, secret: str | None) -> str | None:
    """Return the kept hash that this secret fits; None where none is given or none is kept.

    Outside any other transaction, since argon2 takes its time; who decides compares the hash again inside theirs.
    The bearer of a web session is as good. Raises NotAllowed for a wrong one, and without a look at it while too many
    wrong ones were given in a row.
    """
    if not secret:
        return None
    if secret.startswith(SESSION_PREFIX):
        return _signed_in(database, clock(), workspace, name, secret)
    kept = _begin_try(database, workspace, name, clock())
    if kept is None:
        return None
    if not fits(secret, kept):
        raise NotAllowed(f"That is not {name}'s secret. Nothing was changed.", HOW)
    mine = (table.c.workspace == workspace, table.c.name == name, table.c.secret_hash == kept)
    with database.write() as conn:
        conn.execute(update(table).where(*mine).values(tries=0, wait_until=None))
    return kept


def _signed_in(database: Database, now: datetime, workspace: str, name: str, bearer: str) -> str | None:
    from memory.sessions import standing

    with database.read() as conn:
        found = standing(conn, bearer, now)
    if found is None or (found[1].workspace, found[1].name) != (workspace, name):
        raise NotAllowed(f"{name} is not signed in any more. Nothing was changed.", "Sign in again.")
    return found[1].secret_hash


def _begin_try(database: Database, workspace: str, name: str, now: datetime) -> str | None:
    """Count a try before it is looked at, so that many at once are no way around the count; return the kept hash."""
    mine = (table.c.workspace == workspace, table.c.name == name)
    with database.write() as conn:
        row = conn.execute(select(table).where(*mine).with_for_update()).one_or_none()
        if row is None or row.secret_hash is None:
            return None
        if row.wait_until is not None and now < row.wait_until <= now + LONGEST_WAIT:
            raise NotAllowed(
                f"{row.tries} wrong secrets were given for {name} in a row. Nothing was looked at or changed.",
                f"Try again after {instant(row.wait_until)}.",
            )
        tries = row.tries + 1
        wait = now + _pause(tries) if tries >= FREE_TRIES else None
        conn.execute(update(table).where(*mine).values(tries=tries, wait_until=wait))
        return str(row.secret_hash)


def _pause(tries: int) -> timedelta:
    return min(timedelta(seconds=10 * 2 ** min(tries - FREE_TRIES, 10)), LONGEST_WAIT)


def _plain(secret: str) -> str:
    """Return the same text for the same keys, however the system composes accents."""
    try:
        plain = unicodedata.normalize("NFC", secret)
        plain.encode()
    except UnicodeError:
        raise BadInput("The secret holds characters that are no text.") from None
    if len(plain) > LONGEST:
        raise BadInput(f"A secret has at most {LONGEST} characters.")
    return plain
