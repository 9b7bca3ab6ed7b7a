"""What an attacker has seen: every id, hash, address and path in the texts that came by, in the order of appearance."""

import re
from random import Random

_KINDS = {
    "proposal": re.compile(r"\bp_[0-9a-z]{12}\b"),
    "decision": re.compile(r"\bdec_[0-9a-z]{12}\b"),
    "publication": re.compile(r"\bpub_[0-9a-z]{12}\b"),
    "brief": re.compile(r"\bb_[0-9a-z]{12}\b"),
    "draft": re.compile(r"\bd_[0-9a-z]{12}\b"),
    "work": re.compile(r"\bw_[0-9a-z]{12}\b"),
    "sha": re.compile(r"\b[0-9a-f]{64}\b"),
    "url": re.compile(r"https?://[^\s\"'<>)\\]+"),
    "path": re.compile(r"(?<![\w/:])/[\w.-]+(?:/[\w.-]+)+"),
    "name": re.compile(r"@[\w.-]{3,}"),
}
_MADE_UP = {
    "proposal": "p_000000000000",
    "decision": "dec_000000000000",
    "publication": "pub_000000000000",
    "brief": "b_000000000000",
    "draft": "d_000000000000",
    "work": "w_000000000000",
    "sha": "0" * 64,
    "url": "https://collect.example/?q=",
    "path": "/etc/passwd",
    "name": "@owner",
}


class Seen:
    """The loot, by kind."""

    def __init__(self, *texts: str) -> None:
        self._found: dict[str, list[str]] = {kind: [] for kind in _KINDS}
        for text in texts:
            self.look_at(text)

    def look_at(self, text: str) -> None:
        """Take what there is in a text."""
        for kind, pattern in _KINDS.items():
            known = self._found[kind]
            known += [each for each in dict.fromkeys(pattern.findall(text)) if each not in known]

    def any(self, kind: str, rng: Random) -> str:
        """Return one of a kind; something made up where none was seen."""
        return rng.choice(self._found[kind] or [_MADE_UP[kind]])

    def all(self) -> list[str]:
        """Return everything, whatever it is."""
        return [each for found in self._found.values() for each in found]
