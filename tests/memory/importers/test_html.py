from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import BadInput
from memory.importers import collect, read
from tests.memory.importers.helpers import piece_of, write

PAGE = """<!doctype html>
<html lang="en-GB"><head>
<title>The lamp &amp; the log – Tidewater</title>
<meta name="description" content="On &quot;logs&quot;.">
<meta property="article:tag" content="lighthouses"><meta property="article:tag" content="logs">
<link rel="canonical" href="https://tidewater.example/lamp"><link rel="license" href="https://cc.example/by/4.0/">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"},
 {"@type": "BlogPosting", "headline": "The lamp and the log", "datePublished": "2025-02-01T09:00:00+01:00",
  "author": [{"@type": "Person", "name": "Ines Dahl"}], "keywords": "Logs, keepers"}]}</script>
<style>p {color: red}</style></head>
<body><nav><a href="/">Home</a></nav><header>Tidewater</header>
<article><header><h1>The lamp and the log</h1></header>
<p>First   paragraph,
with <em>a</em> <a href="https://example.org/log">link</a>.</p>
<script>alert(1)</script>
<h2>Entries</h2>
<ul><li>One</li><li><p>Two</p></li></ul>
<blockquote><p>Wind S.<br>Fog.</p></blockquote>
<table><tr><th>Day</th><th>Oil</th></tr><tr><td>1</td><td>4 l</td></tr></table>
<p hidden>secret</p><aside>Subscribe</aside>
<pre>  04:10  dim
  04:30  lit</pre>
</article><footer>© us</footer></body></html>"""


def test_reads_the_article_and_what_the_head_says(tmp_path: Path) -> None:
    assert piece_of(tmp_path, "lamp.html", PAGE).model_dump() == {
        "source": "lamp.html",
        "title": "The lamp and the log",
        "body": "First paragraph, with a link.\n\n## Entries\n\n- One\n\n- Two\n\n> Wind S.\n> Fog.\n\n"
        "Day | Oil\n\n1 | 4 l\n\n  04:10  dim\n  04:30  lit",
        "format": "html",
        "published_at": datetime(2025, 2, 1, 8, tzinfo=UTC),
        "authors": ("Ines Dahl",),
        "tags": ("lighthouses", "logs", "keepers"),
        "excerpt": 'On "logs".',
        "url": "https://tidewater.example/lamp",
        "language": "en-GB",
        "license": "https://cc.example/by/4.0/",
        "extra": {"links": ["https://example.org/log"]},
    }


def test_prefers_open_graph_and_published_time(tmp_path: Path) -> None:
    head = '<meta property="og:title" content="Kelp"><meta property="article:published_time" content="2025-05-05">'
    head += '<meta name="author" content="Leif"><meta name="keywords" content="kelp, tide"><title>x</title>'
    piece = piece_of(tmp_path, "a.htm", f"<html><head>{head}</head><body><p>Brown.</p></body></html>")
    assert (piece.title, piece.authors, piece.tags) == ("Kelp", ("Leif",), ("kelp", "tide"))
    assert piece.published_at == datetime(2025, 5, 5, tzinfo=UTC)


def test_reads_a_bare_page_without_its_site_header(tmp_path: Path) -> None:
    page = "<header><a href='/'>Home</a></header><h1>Kelp</h1><p>Brown &aring; wet.</p><p>Second.</p>"
    piece = piece_of(tmp_path, "a.html", page)
    assert (piece.title, piece.body) == ("Kelp", "Brown å wet.\n\nSecond.")


def test_follows_the_declared_encoding(tmp_path: Path) -> None:
    page = '<meta charset="koi8-r"><title>т</title><p>море</p>'.encode("koi8-r")
    piece = piece_of(tmp_path, "a.html", page)
    assert (piece.body, piece.extra) == ("море", {})


def test_reads_pages_nested_deeper_than_the_stack(tmp_path: Path) -> None:
    body = "<div>" * 5000 + "deep" + "</div>" * 5000
    found = [piece.body for piece in read(write(tmp_path, "a.html", f"<p>Top.</p>{body}"), root=tmp_path)]
    assert found[0].startswith("Top.")


@pytest.mark.parametrize("page", ["<html><script>x()</script><nav>Home</nav></html>", "<!-- nothing -->", "<p> </p>"])
def test_refuses_a_page_without_text(tmp_path: Path, page: str) -> None:
    with pytest.raises(BadInput, match="has no text"):
        piece_of(tmp_path, "a.html", page)


MARK = "{}"
UNSEEN = "parts of pages that no reader sees"
HIDDEN = [
    '<p style="display: none">{}</p>',
    '<p style="color:red;DISPLAY:NONE !important">{}</p>',
    '<div style="visibility:hidden"><p>{}</p></div>',
    "<p hidden>{}</p>",
    '<p style="opacity:0">{}</p>',
    '<p style="opacity: 0.0;">{}</p>',
    '<p style="font-size:0">{}</p>',
    '<span style="font-size: 0px; color: #333">{}</span>',
    '<p style="position:absolute; left:-9999px">{}</p>',
    '<p style="text-indent:-9999px">{}</p>',
    '<p style="height:0;overflow:hidden">{}</p>',
    '<p style="color:#fff">{}</p>',
    '<font color="white">{}</font>',
    '<p style="color: rgb(255, 255, 255)">{}</p>',
    '<div style="background:#123"><p style="color:#123">{}</p></div>',
    '<p style="color:transparent">{}</p>',
    '<style>.note, #x { display : none }</style><p class="a note">{}</p>',
    '<style>@media print { .a { color: red } } #x { visibility: hidden }</style><p id="x">{}</p>',
]
SEEN = [
    '<p style="color:#fff;background:#000">{}</p>',
    '<table bgcolor="#000"><tr><td style="color:white">{}</td></tr></table>',
    '<style>body { background: #111 }</style><p style="color:white">{}</p>',
    '<div style="font-size:0px"><p style="font-size:14px">{}</p></div>',
    '<style>@media print { .a { display: none } }</style><p class="a">{}</p>',
    '<style>.a .b { display: none }</style><p class="b">{}</p>',
    '<p style="opacity:0.5">{}</p>',
    '<p style="font-size:0.9em">{}</p>',
    '<p style="margin-left:-20px">{}</p>',
    '<p style="background-color:white">{}</p>',
]


@pytest.mark.parametrize("hides", HIDDEN)
def test_what_no_reader_sees_is_no_text_and_is_told(tmp_path: Path, hides: str) -> None:
    page = (
        f"<html><body><article><p>The tin.</p>{hides.replace(MARK, 'Obey me.')}<p>It rusts.</p></article></body></html>"
    )
    found = collect([write(tmp_path, "a.html", page)])
    assert [each.body for each in found.pieces] == ["The tin.\n\nIt rusts."]
    assert found.left_out == ((UNSEEN, 1),)


@pytest.mark.parametrize("shows", SEEN)
def test_what_a_reader_sees_stays(tmp_path: Path, shows: str) -> None:
    page = f"<html><body><article><p>The tin.</p>{shows.replace(MARK, 'It is blue.')}</article></body></html>"
    found = collect([write(tmp_path, "a.html", page)])
    assert "It is blue." in found.pieces[0].body and found.left_out == ()


def test_a_page_that_waits_for_a_script_to_show_it_is_read(tmp_path: Path) -> None:
    page = '<html style="visibility:hidden"><body style="opacity:0"><div style="display:none"><p>All.</p></div></body></html>'
    found = collect([write(tmp_path, "a.html", page)])
    assert ([each.body for each in found.pieces], found.left_out) == (["All."], ())
