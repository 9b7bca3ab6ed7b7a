"""Addresses: slugs that can't leave their folder, guids that never change, absolute URLs."""

import hashlib
import re
import uuid
from pathlib import PurePosixPath
from urllib.parse import quote

import regex

from core.errors import BadInput

LONGEST_SLUG = 60  # characters; at four bytes each still below every file system's 255
_SERVED_AT = re.compile(r"https?://[^\s/]", re.IGNORECASE)
POST_PATH = re.compile(r"posts/[^/\\\x00-\x1f.][^/\\\x00-\x1f.]*/index\.html")


def slugify(text: str) -> str:
    """Return letters and digits of any script joined by hyphens; accents on Latin letters go. Never a dot or slash."""
    import unicodedata

    folded = regex.sub(r"(?<=\p{Latin})\p{M}+", "", unicodedata.normalize("NFKD", text.casefold()))
    joined = regex.sub(r"[^\p{L}\p{M}\p{N}]+", "-", unicodedata.normalize("NFC", folded)).strip("-")
    if len(joined) <= LONGEST_SLUG:
        return joined
    cut = joined[: LONGEST_SLUG + 1]
    return cut.rpartition("-")[0] or cut[:LONGEST_SLUG]


def post_path(title: str, key: str) -> str:
    """Return `posts/<slug>-<6 characters of the key's hash>/index.html`: two pieces never share one by accident."""
    suffix = hashlib.sha256(key.encode()).hexdigest()[:6]
    return f"posts/{slugify(title) or 'piece'}-{suffix}/index.html"


def tag_path(tag: str) -> str:
    """Return where a tag's page lives; spellings that differ only in case or accents share one."""
    return f"tags/{slugify(tag) or 'tag'}/index.html"


def guid(workspace: str, key: str) -> str:
    """Return the piece's permanent id; it follows from the key alone, so a retry and an update keep it."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"greenroom:{workspace}/{key}").urn


def checked_path(path: str) -> PurePosixPath:
    """Return the path of a post inside the site, or refuse: whatever a payload says, nothing is written elsewhere."""
    if not POST_PATH.fullmatch(path):
        raise BadInput(f"{path!r} is no place for a post", "a post lives at posts/<name>/index.html")
    return PurePosixPath(path)


def web_path(path: str) -> str:
    """Return the path as a URL has it: percent-encoded, a folder without its index.html."""
    return quote(path.removesuffix("index.html"))


def absolute(site_url: str, path: str) -> str:
    """Return the address of a path where the site is served, or refuse: only http and https are an address."""
    if not _SERVED_AT.match(site_url):
        raise BadInput(f"{site_url!r} is no address of a site", "write it as https://example.org")
    return f"{site_url.rstrip('/')}/{web_path(path)}"
