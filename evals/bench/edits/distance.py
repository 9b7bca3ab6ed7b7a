"""How far two texts are apart: Levenshtein's distance over the longer one's length."""


def distance(first: str, second: str) -> float:
    """Return the normalised edit distance in characters, 0 (equal) to 1."""
    longer = max(len(first), len(second))
    return levenshtein(first, second) / longer if longer else 0.0


def levenshtein(first: str, second: str) -> int:
    """Return how many characters must be put in, left out or replaced: a column at a time, a bit for each row.

    After Myers 1999 in Hyyrö's form for whole strings (2003), on Python's integers of any length.
    """
    if not first or not second:
        return len(first) + len(second)
    full = (1 << len(first)) - 1
    last = 1 << (len(first) - 1)
    where: dict[str, int] = {}
    for at, character in enumerate(first):
        where[character] = where.get(character, 0) | 1 << at
    up, down, score = full, 0, len(first)
    for character in second:
        here = where.get(character, 0)
        across = (((here & up) + up) ^ up) | here | down
        plus, minus = down | (full & ~(across | up)), up & across
        score += 1 if plus & last else -1 if minus & last else 0
        plus, minus = (plus << 1 | 1) & full, (minus << 1) & full
        up, down = minus | (full & ~((here | down) | plus)), plus & (here | down)
    return score
