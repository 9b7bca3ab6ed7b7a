"""Links in a text: where they stand, and whether two of them lead to the same place."""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

import regex

from core import entities
from core.spans import Cover

_RUN = regex.compile(r"https?://[^\s<>\"“”«»`{}|\\^。，、！？」』】）]+", regex.IGNORECASE)
_TRAILING = ".,;:!?'’*_~…"
_CLOSES = {")": "(", "]": "["}
_USUAL_PORTS = (80, 443)
_FILE_ENDINGS = frozenset({"md", "py", "sh", "pl", "rs", "zip", "mov", "ps", "so", "cc"})


class Link(NamedTuple):
    """A link as it stands in a text (`text == source[start:end]`), and where it leads."""

    start: int
    end: int
    text: str
    url: str


def find(text: str, *, bare: bool = True) -> list[Link]:
    """Return the links of a text in order; with `bare` also domains without a protocol (`example.org/a`)."""
    full = list(_full(text))
    if not bare or "." not in text:
        return full
    taken = Cover((link.start, link.end) for link in full)
    return sorted(full + [each for each in _bare(text) if not taken.touches(each.start, each.end)])


def links_in(text: str) -> list[str]:
    """Return the links of a text as they are written, each once: those with a protocol."""
    return list(dict.fromkeys(link.text for link in find(text, bare=False)))


def _full(text: str) -> list[Link]:
    found = []
    for match in _RUN.finditer(text):
        written = _whole(match.group())
        if _parts(written):
            found.append(Link(match.start(), match.start() + len(written), written, written))
    return found


def _whole(run: str) -> str:
    """Return a run of characters up to where the link ends: before a bracket it did not open, and closing marks."""
    depth = {"(": 0, "[": 0}
    for at, char in enumerate(run):
        if char in depth:
            depth[char] += 1
        elif char in _CLOSES:
            depth[_CLOSES[char]] -= 1
            if depth[_CLOSES[char]] < 0:
                run = run[:at]
                break
    return run.rstrip(_TRAILING)


def _bare(text: str) -> list[Link]:
    found = []
    for start, end in entities.links(text, bare=True, wide=True):
        written = text[start:end].rstrip(_TRAILING)
        if "://" in written or text[start - 1 : start] == "@" or text[end : end + 1] == "@" or _is_file(written):
            continue
        found.append(Link(start, start + len(written), written, "https://" + written))
    return found


def _is_file(written: str) -> bool:
    """Say whether a bare domain is rather a file's name: `README.md` stands under Moldova's domain."""
    ending = written.rpartition(".")[2].lower()
    return "/" not in written and not written.startswith("www.") and ending in _FILE_ENDINGS


def _parts(url: str) -> tuple[str, str, str] | None:
    """Return host, path and query of a link that has a host, else None."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        if host and parts.port and parts.port not in _USUAL_PORTS:
            host = f"{host}:{parts.port}"
    except ValueError:
        return None
    return (host, parts.path, parts.query) if host else None


@lru_cache(maxsize=4096)
def place(url: str) -> str:
    """Return what a link leads to, for comparing: without protocol, `www.`, fragment, campaign marks, last slash."""
    parts = _parts(url if "://" in url else "https://" + url)
    if parts is None:
        return url
    host, path, query = parts
    kept = [(key, value) for key, value in parse_qsl(query, keep_blank_values=True) if not key.startswith("utm_")]
    rest = path.rstrip("/") + ("?" + urlencode(sorted(kept)) if kept else "")
    return host.lower().removeprefix("www.") + rest
