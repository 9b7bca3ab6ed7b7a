"""Orders in languages that have no phrases of ours: "Anuncia mi taller" is about "mi taller", and says so to nobody."""

import re
from functools import lru_cache
from importlib import resources

from models.rehearsal.german import nominative

_KINDS = ("write", "german", "announce")  # "Schreibe einen Beitrag über …" before "schreibe über …"
_WHAT = r"(?P<what>[\w“\"«(¿¡].*?)"


def ordered(text: str) -> str | None:
    """Return what an order is about, in its own words; None where the text orders nothing that is known."""
    polite, patterns = _patterns()
    core = polite.sub("", text.strip())
    for kind, pattern in patterns:
        if (found := pattern.match(core)) and (what := polite.sub("", found["what"].strip())):
            said = {"german": nominative(what), "": what}.get(kind, f"{kind} {what}")
            return f"{said}{found.groupdict().get('more') or ''}"
    return None


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    import yaml

    loaded = yaml.safe_load(resources.files(__package__).joinpath("orders.yaml").read_text(encoding="utf-8"))
    lines = [("german" if kind == "german" else "", line) for kind in _KINDS for line in loaded[kind]]
    lines += loaded["invite"].items()  # the noun is its kind
    patterns = [(kind, re.compile(rf"^{line.replace('…', _WHAT)}[.!]*$", re.I | re.DOTALL)) for kind, line in lines]
    return re.compile(rf"^(?:{loaded['polite']}[\s,]+)+", re.I), tuple(patterns)
