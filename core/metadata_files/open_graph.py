"""What is said of a text as the tags of an HTML page's head: OpenGraph, a description, Dublin Core, JSON-LD.

In a page they stand between two comments of ours; what stands elsewhere in its head stays, and is not said twice.
"""

import html
import re
from html.parser import HTMLParser

from core.errors import BadInput
from core.metadata_files import json_ld
from core.metadata_files.fields import Existing, Fields

BEGIN, END = "<!-- greenroom: metadata begins -->", "<!-- greenroom: metadata ends -->"

Meta = tuple[str, str]
"""A property or name, and its content."""

_BLOCK = re.compile(rf"[ \t]*{re.escape(BEGIN)}.*?{re.escape(END)}[ \t]*(?:\r?\n)?", re.DOTALL)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)


def metas(fields: Fields) -> list[Meta]:
    """Return the tags of a head, each with its content."""
    title = fields.seo_title or fields.title
    said = [
        ("description", fields.description),
        ("og:type", "article"),
        ("og:title", title),
        ("og:description", fields.description),
        ("og:locale", fields.language.replace("-", "_") if "-" in fields.language else ""),  # a place is never guessed
        ("og:url", fields.url),
        ("article:published_time", fields.published),
        *(("article:tag", each) for each in fields.tags),
        *(("article:section", each.name) for each in fields.topics[:1]),
        ("DC.title", fields.title or title),
        *(("DC.creator", each) for each in fields.authors),
        ("DC.language", fields.language),
        *(("DC.subject", each.url or each.id) for each in fields.topics),
    ]
    return [(name, " ".join(content.split())) for name, content in said if content.strip()]


def write(there: str, fields: Fields, *, existing: Existing = "keep") -> str:
    """Return a fragment for a page's head; `there` is the file as it is, empty for a new one."""
    old = read(there)
    stands = {each for each, _ in old} if existing != "replace" else set()
    kept = [] if existing == "replace" else old
    tags = [each for each in metas(fields) if existing == "add" and each[0] == "article:tag" and each not in old]
    new = [each for each in metas(fields) if each[0] not in stands]
    if there.strip() and not new and not tags:
        return there
    if there.strip() and existing != "replace":
        return there.rstrip("\n") + "\n" + "".join(f"{_tag(*each)}\n" for each in dict.fromkeys([*new, *tags]))
    return "".join(f"{_tag(*each)}\n" for each in [*kept, *new])


def into_page(page: str, fields: Fields, *, name: str = "the page") -> str:
    """Return an HTML page with the tags before its head's end; all else stays to the byte. Raises BadInput without one.

    What Greenroom wrote there before is written anew; what the page itself says stays and is left out here.
    """
    without = _BLOCK.sub("", page, count=1)
    end = _HEAD_END.search(without)
    if not end:
        raise BadInput(f"{name} has no head to write into.", "It is as it was. Write beside it: --write opengraph")
    own = _Tags()
    own.feed(without[: end.start()])
    stands = {each for each, _ in own.metas}
    lines = [_tag(*each) for each in metas(fields) if each[0] not in stands]
    if not own.has_json_ld:
        data = json_ld.write("", fields).strip().replace("<", "\\u003c")  # no text closes it
        lines.append(f'<script type="application/ld+json">\n{data}\n</script>')
    newline = "\r\n" if "\r\n" in page else "\n"
    block = newline.join([BEGIN, *(line.replace("\n", newline) for line in lines), END]) + newline
    before = without[: end.start()]
    lead = "" if before.endswith("\n") or not before else newline
    return before + lead + block + without[end.start() :]


def read(text: str) -> list[Meta]:
    """Return the properties, names and contents of the meta tags in HTML, in order."""
    tags = _Tags()
    tags.feed(text)
    tags.close()
    return tags.metas


def said_in(page: str) -> dict[str, str]:
    """Return a page's title and description, as its own tags and its title say them."""
    tags = _Tags()
    tags.feed(_BLOCK.sub("", page, count=1))
    tags.close()
    said = dict(reversed(tags.metas))
    title = said.get("og:title") or " ".join(tags.title.split())
    return {"title": title, "description": said.get("description") or said.get("og:description") or ""}


def _tag(name: str, content: str) -> str:
    attribute = "property" if name.startswith(("og:", "article:")) else "name"
    return f'<meta {attribute}="{html.escape(name)}" content="{html.escape(content)}">'


class _Tags(HTMLParser):
    """Reads the tags of a head."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.metas: list[Meta] = []
        self.has_json_ld = False
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a meta tag's content, and note JSON-LD."""
        said = dict(attrs)
        if tag == "meta" and (name := said.get("property") or said.get("name")):
            self.metas.append((name, said.get("content") or ""))
        self.has_json_ld |= tag == "script" and (said.get("type") or "").lower() == "application/ld+json"
        self._in_title = tag == "title" and not self.title

    def handle_endtag(self, tag: str) -> None:
        """Leave the title."""
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        """Keep the title's words."""
        if self._in_title:
            self.title += data
