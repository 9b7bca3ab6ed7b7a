"""Short random ids that people can read aloud."""

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's, without i, l, o, u


def new_id(prefix: str) -> str:
    """Return `prefix_` and twelve random base-32 characters (60 bits)."""
    return prefix + "_" + "".join(secrets.choice(_ALPHABET) for _ in range(12))
