import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import BadInput
from memory.importers import Failure, read
from tests.memory.importers.helpers import piece_of, write

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Tidewater</title><language>en</language><copyright>CC BY 4.0</copyright>
<item><title>Fog &amp;amp; horn</title><link>https://t.example/fog</link><guid isPermaLink="false">t:1</guid>
<pubDate>Sun, 06 Oct 2024 08:00:00 +0200</pubDate><dc:creator>Ines Dahl</dc:creator><category>fog</category>
<description>Short.</description>
<content:encoded><![CDATA[<p>Full &eacute;.</p><p>About <code>&lt;!ENTITY</code>.</p>]]></content:encoded></item>
<item><title>No content</title><guid>t:2</guid><description>Only a summary.</description></item>
<item><title>Empty</title><guid>t:3</guid></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nb"><title>T</title><author><name>Ines</name></author>
<entry><id>tag:t,1</id><title>Tare</title><updated>2025-05-05T10:00:00Z</updated><link href="https://t.example/1"/>
<content type="html">&lt;p&gt;Brun.&lt;/p&gt;&lt;p&gt;Våt.&lt;/p&gt;</content></entry></feed>"""


def test_reads_rss_with_full_content(tmp_path: Path) -> None:
    failed: list[Failure] = []
    path = write(tmp_path, "feed.xml", RSS)
    first, second = read(path, root=tmp_path, failed=failed)
    assert first.model_dump() == {
        "source": "feed.xml#t:1",
        "title": "Fog & horn",
        "body": "Full é.\n\nAbout <!ENTITY.",
        "format": "feed",
        "published_at": datetime(2024, 10, 6, 6, tzinfo=UTC),
        "authors": ("Ines Dahl",),
        "tags": ("fog",),
        "excerpt": "Short.",
        "url": "https://t.example/fog",
        "language": "en",
        "license": "CC BY 4.0",
        "extra": {"guid": "t:1"},
    }
    assert (second.source, second.body, second.excerpt) == ("feed.xml#t:2", "Only a summary.", "")
    assert failed == [Failure(f"{path}#3", "has no text")]


def test_reads_atom(tmp_path: Path) -> None:
    piece = piece_of(tmp_path, "t.atom", ATOM)
    assert (piece.source, piece.title, piece.body) == ("t.atom#tag:t,1", "Tare", "Brun.\n\nVåt.")
    assert (piece.authors, piece.language, piece.url) == (("Ines",), "nb", "https://t.example/1")
    assert piece.published_at == datetime(2025, 5, 5, 10, tzinfo=UTC)


def test_reads_json_feed(tmp_path: Path) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "T", "language": "en", "authors": [{"name": "Ines"}],
        "items": [
            {"id": "1", "url": "https://t.example/1", "title": "Kelp", "content_html": "<p>Brown.</p><p>Wet.</p>",
             "content_text": "Brown. Wet.", "date_published": "2025-05-05T10:00:00+02:00", "tags": ["kelp"]},
            {"id": "2", "content_text": "Short."},
            {"content_text": "Nameless."},
            7,
        ],
    }  # fmt: skip
    failed: list[Failure] = []
    path = write(tmp_path, "feed.json", json.dumps(feed))
    first, second = read(path, root=tmp_path, failed=failed)
    assert (first.source, first.body, first.tags) == ("feed.json#1", "Brown.\n\nWet.", ("kelp",))
    assert (first.authors, first.language, first.format) == (("Ines",), "en", "feed")
    assert first.published_at == datetime(2025, 5, 5, 8, tzinfo=UTC)
    assert (second.source, second.body) == ("feed.json#2", "Short.")
    assert failed == [Failure(f"{path}#{n}", "has neither an id nor a url") for n in (3, 4)]


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))


@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE rss [{ENTITIES}]>",
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!-- <rss> --><!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_expands_no_entities(tmp_path: Path, doctype: str, encoding: str) -> None:
    item = "<item><guid>1</guid><description>&e9;&x;</description></item>"
    text = f"<?xml version='1.0'?>{doctype}<rss version='2.0'><channel>{item}</channel></rss>"
    path = write(tmp_path, "a.rss", text.encode(encoding))
    with pytest.raises(BadInput, match="defines XML entities of its own"):
        list(read(path, root=tmp_path))


def test_takes_an_external_document_type_as_nothing(tmp_path: Path) -> None:
    doctype = '<!DOCTYPE rss SYSTEM "file:///etc/hostname">'
    item = "<item><guid>1</guid><description>One &nbsp; two.</description></item>"
    text = f"{doctype}<rss version='2.0'><channel>{item}</channel></rss>"
    assert piece_of(tmp_path, "a.rss", text).body == "One \xa0 two."


def test_refuses_xml_that_is_no_feed(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"a\.xml: is not an RSS or Atom feed with entries"):
        piece_of(tmp_path, "a.xml", "<note><to>Ines</to></note>")
