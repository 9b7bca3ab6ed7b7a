"""A fetched page as an article: its main text as plain paragraphs, and what it says about itself."""

import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from core.errors import BadInput
from media.web.fetching import Page

LEAST_WORDS = 40
LONGEST = 200_000  # characters of text that are kept
_NAMED = 200  # characters of a name or title
_TAGS = re.compile(r"<(?:link|a)\s[^<>]{1,600}>", re.IGNORECASE)
_IS_LICENSE = re.compile(r"""\srel\s*=\s*["']?license\b""", re.IGNORECASE)
_HREF = re.compile(r"""\shref\s*=\s*["']?(https?://[^\s"'<>]+)""", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Article(NamedTuple):
    """What a page says, and says about itself; empty where it does not."""

    title: str
    text: str  # paragraphs, separated by blank lines
    authors: tuple[str, ...]
    published_at: str | None  # a day
    license: str | None
    site: str  # its name, else its host
    url: str


def article(page: Page) -> Article:
    """Return the article of a page. Raises BadInput where there is no text to work from."""
    said = _decoded(page) if page.kind.startswith("text/") and page.charset else None
    if page.kind in ("text/plain", "text/markdown"):
        text = said if said is not None else page.body.decode("utf-8", "replace")
        return _checked(Article("", text, (), None, None, _host(page.url), page.url))
    return _checked(_extracted(page, said))


def _extracted(page: Page, said: str | None) -> Article:
    from trafilatura import bare_extraction

    found: Any = bare_extraction(
        said if said is not None else page.body,
        url=page.url,
        include_comments=False,
        include_tables=False,
        include_links=False,
        with_metadata=True,
        favor_precision=True,
    )
    if found is None:
        raise _nothing(page.url)
    facts = found.as_dict()
    day = _DAY.search(str(facts.get("date") or ""))
    return Article(
        title=_line(facts.get("title")),
        text=str(facts.get("text") or "").replace("\n", "\n\n"),
        authors=tuple(_line(name) for name in str(facts.get("author") or "").split(";") if name.strip())[:10],
        published_at=day[0] if day else None,
        license=_line(facts.get("license")) or _license(said or page.body.decode("utf-8", "replace")),
        site=_line(facts.get("sitename")) or _host(page.url),
        url=page.url,
    )


def _license(html: str) -> str | None:
    """Return the address of the licence that the page links to as its own."""
    for tag in _TAGS.findall(html):
        if _IS_LICENSE.search(tag) and (found := _HREF.search(tag)):
            return _line(found[1])
    return None


def _checked(made: Article) -> Article:
    text = "".join(char for char in made.text if char in "\n\t" or ord(char) >= 32).strip()[:LONGEST]
    if len(text.split()) < LEAST_WORDS:
        raise _nothing(made.url)
    return made._replace(text=text)


def _nothing(url: str) -> BadInput:
    return BadInput(
        f"There is no article to read at {_host(url)}: the page may be put together in the browser.",
        "Save the text to a file, and give it with --from FILE.",
    )


def _decoded(page: Page) -> str:
    """Return the page by the charset that its server names; that may be none, or no charset of text (hex, idna)."""
    try:
        return page.body.decode(page.charset, "replace")
    except (LookupError, ValueError):
        return page.body.decode("utf-8", "replace")


def _line(value: Any) -> str:
    return " ".join(str(value or "").split())[:_NAMED]


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
