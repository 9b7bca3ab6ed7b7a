"""Pages: safe whatever the draft holds, relative under any base path, whole without a network."""

import json
import re
from html.parser import HTMLParser

import pytest

from core.drafts import Content
from core.errors import BadInput
from core.works import Workspace
from publishing import compose
from publishing.site.words import long_date, words
from publishing.wire.markdown import to_html, to_plain
from tests.publishing.making import INES, NOON, context

ATTACK = "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u2028"


class Tags(HTMLParser):
    """Collects start tags with their attributes, and the text inside scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append(data)
            self._inside = ""

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.found if name == tag]


def page(workspace: Workspace = INES, *, locale: str = "en", **content: object) -> str:
    fields = {"title": "The slow harbour", "text": "Text.", **content}
    made: str = compose("site", Content.model_validate(fields), context(workspace, locale=locale))["page"]
    return made


def test_nothing_in_a_draft_can_run() -> None:
    workspace = INES.model_copy(update={"name": ATTACK, "site_url": "https://x.example"})
    html = page(workspace, title=ATTACK, text=ATTACK, summary=ATTACK, tags=[ATTACK])
    tags = Tags(html)
    assert [script.get("type") for script in tags.of("script")] == ["application/ld+json"]
    assert tags.of("img") == []
    assert [name for _, attrs in tags.found for name in attrs if name.startswith("on")] == []
    assert json.loads(tags.scripts[0])["author"]["name"] == ATTACK
    policy = [meta["content"] for meta in tags.of("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"]


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,hi)",
        "[x](vbscript:a)",
        "[x](file:///etc/passwd)",
        "[x](&#106;avascript:alert(1))",
        "![x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe src=//a.example>",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_only_web_and_mail_links_are_made(text: str) -> None:
    tags = Tags(to_html(text))
    assert [tag for tag, _ in tags.found if tag not in ("p",)] == []


def test_links_and_bare_addresses_work() -> None:
    html = to_html(
        "See https://a.example/b_c_d (or <https://c.example>). [Mail](mailto:i@x.example) `https://no.example`"
    )
    assert [link["href"] for link in Tags(html).of("a")] == [
        "https://a.example/b_c_d",
        "https://c.example",
        "mailto:i@x.example",
    ]


def test_a_picture_from_elsewhere_is_a_link_not_a_request() -> None:
    assert to_html("![Fog](https://a.example/f.jpg)") == '<p><a href="https://a.example/f.jpg">Fog</a></p>\n'


def test_the_page_keeps_one_first_heading() -> None:
    html = page(title="The slow harbour", text="# The slow harbour\n\n# Other\n\n## Below")
    assert re.findall(r"<h(\d)", html) == ["1", "2", "3"]


def test_summaries_come_from_paragraphs() -> None:
    assert to_plain("# Head\n\nOne *two*\nthree.\n\n- item\n\n```\ncode\n```") == "One two three."
    assert to_plain("# Only a head") == "Only a head"


def test_nothing_is_fetched_from_outside_and_every_link_is_relative() -> None:
    tags = Tags(page(tags=["harbours"]))
    fetched = [link["href"] for link in tags.of("link") if link["rel"] != "canonical"]
    assert all(href and href.startswith("../../") for href in fetched)
    assert [link["href"] for link in tags.of("a")] == [
        "#text",
        "../../index.html",
        "../../archive/index.html",
        "../../feed.xml",
        "../../tags/harbours/index.html",
        "provenance.json",
    ]


def test_canonical_address_and_linked_data() -> None:
    html = page(INES.model_copy(update={"site_url": "https://tide.example/blog/"}), summary="A tin.")
    tags = Tags(html)
    url = next(link["href"] for link in tags.of("link") if link["rel"] == "canonical")
    data = json.loads(tags.scripts[0])
    assert re.fullmatch(r"https://tide\.example/blog/posts/the-slow-harbour-[0-9a-f]{6}/", str(url))
    assert (data["@type"], data["url"], data["description"], data["datePublished"]) == (
        "BlogPosting",
        url,
        "A tin.",
        "2026-11-20",
    )
    assert "canonical" not in page()


@pytest.mark.parametrize("url", ["javascript:alert(1)//", "ftp://x.example", "x.example", "https://", "//x.example"])
def test_only_http_and_https_are_a_sites_address(url: str) -> None:
    with pytest.raises(BadInput, match="no address of a site"):
        page(INES.model_copy(update={"site_url": url}))


def test_language_and_direction_are_the_pieces_own() -> None:
    assert page(locale="ar").startswith('<!doctype html>\n<html lang="ar" dir="rtl">')
    assert page(locale="es-MX").startswith('<!doctype html>\n<html lang="es-MX" dir="ltr">')
    assert '<div class="body" dir="auto">' in page(locale="he")


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("en", "20 November 2026"),
        ("es-MX", "20 de noviembre de 2026"),
        ("de", "20. November 2026"),
        ("no", "20. november 2026"),
        ("ja", "2026-11-20"),
    ],
)
def test_dates_are_written_as_the_language_does(locale: str, written: str) -> None:
    assert long_date(NOON.date(), locale) == written


def test_every_language_has_every_word() -> None:
    english = set(words("en"))
    assert {lang: set(words(lang)) for lang in ("es", "fr", "de", "pt", "it", "nl", "nb")} == dict.fromkeys(
        ("es", "fr", "de", "pt", "it", "nl", "nb"), english
    )
    assert words("zh")["lang"] == "en"
    assert len(words("fr")["months"]) == 12
