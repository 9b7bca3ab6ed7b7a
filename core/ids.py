"""Short random ids that people can read aloud."""

import re
import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's, without i, l, o, u
PROPOSAL, WORK = "p", "w"
"""The prefixes that people see and say again."""


def new_id(prefix: str) -> str:
    """Return `prefix_` and twelve random base-32 characters (60 bits)."""
    return prefix + "_" + "".join(secrets.choice(_ALPHABET) for _ in range(12))


def pattern_of(prefix: str) -> str:
    """Return a regular expression of the ids with a prefix, as somebody may have typed them."""
    return prefix + "_[0-9a-z]{12}"


def ids_in(prefix: str, text: str) -> list[str]:
    """Return the ids with a prefix that stand in a text, in their order."""
    return re.findall(rf"\b{pattern_of(prefix)}\b", text)
