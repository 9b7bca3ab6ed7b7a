from datetime import UTC, datetime
from pathlib import Path

import pytest

from memory.importers import Failure, collect
from tests.memory.importers.helpers import write
from tests.memory.importers.packing import left_out, zipped

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.6" created="2026-03-01 10:00" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Tidewater</title><link>https://t.example</link><language>en-GB</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://t.example</wp:base_site_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[ines]]></wp:author_login>
<wp:author_display_name><![CDATA[Ines Dahl]]></wp:author_display_name></wp:author>
"""
ITEM = """<item><title><![CDATA[{title}]]></title><link>https://t.example/{slug}/</link>
<pubDate>Sun, 06 Oct 2024 08:00:00 +0000</pubDate><dc:creator><![CDATA[ines]]></dc:creator>
<guid isPermaLink="false">https://t.example/?p={number}</guid><description></description>
<content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded><![CDATA[{excerpt}]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date><![CDATA[2024-10-06 10:00:00]]></wp:post_date>
<wp:post_date_gmt><![CDATA[{gmt}]]></wp:post_date_gmt><wp:status><![CDATA[{status}]]></wp:status>
<wp:post_type><![CDATA[{kind}]]></wp:post_type><wp:post_password><![CDATA[{password}]]></wp:post_password>
<category domain="category" nicename="uncategorized"><![CDATA[Uncategorized]]></category>
<category domain="post_tag" nicename="fog"><![CDATA[fog & horn]]></category>{more}</item>
"""


def item(number: int, **values: str) -> str:
    known = {
        "title": f"Title {number}", "slug": f"p{number}", "content": "<p>Words.</p>", "excerpt": "",
        "gmt": "2024-10-06 08:00:00", "status": "publish", "kind": "post", "password": "", "more": "",
    }  # fmt: skip
    return ITEM.format(**known | values, number=number)


def export(*items: str, head: str = HEAD) -> str:
    return head + "".join(items) + "</channel></rss>"


def test_takes_published_posts_and_pages(tmp_path: Path) -> None:
    gutenberg = "<!-- wp:paragraph -->\n<p>One &amp; two.</p>\n<!-- /wp:paragraph -->\n<!-- wp:heading -->\n<h2>H</h2>"
    classic = 'First\nline.\n\n[caption id="a"]<img src="x.jpg"> A boat[/caption]\n\n<blockquote>Said.</blockquote>'
    path = write(
        tmp_path, "tidewater.xml", export(item(7, content=gutenberg, excerpt="Short."), item(9, kind="page", content=classic))
    )  # fmt: skip
    harvest = collect([path])
    assert (harvest.failed, harvest.left_out) == ([], ())
    post, page = harvest.pieces
    assert post.model_dump() == {
        "source": "wordpress:https://t.example/?p=7",
        "title": "Title 7",
        "body": "One & two.\n\n## H",
        "format": "wordpress",
        "published_at": datetime(2024, 10, 6, 8, tzinfo=UTC),
        "authors": ("Ines Dahl",),
        "tags": ("fog & horn",),
        "excerpt": "Short.",
        "url": "https://t.example/p7/",
        "language": "en-GB",
        "license": None,
        "extra": {"kind": "post", "guid": "https://t.example/?p=7"},
    }
    assert page.body == "First\nline.\n\nA boat\n\n> Said."


def test_says_what_it_left_out(tmp_path: Path) -> None:
    comment = "<wp:comment><wp:comment_content><![CDATA[Nice]]></wp:comment_content></wp:comment>"
    items = [
        item(1, more=comment * 2), item(2, status="draft"), item(3, status="pending"), item(4, status="private"),
        item(5, status="future"), item(6, status="trash"), item(7, password="x"), item(8, kind="attachment"),
        item(9, kind="nav_menu_item"), item(10, kind="product"), item(11, content=""),
    ]  # fmt: skip
    harvest = collect([write(tmp_path, "w.xml", export(*items))])
    assert [piece.title for piece in harvest.pieces] == ["Title 1"]
    assert left_out(harvest) == {
        "readers' comments": 2, "drafts": 2, "private posts": 1, "scheduled posts": 1, "deleted posts": 1,
        "posts behind a password": 1, "media without an article": 1, "menus": 1, "entries of the type “product”": 1,
        "entries without text": 1,
    }  # fmt: skip


def test_an_export_under_another_name_is_the_same(tmp_path: Path) -> None:
    first = collect([write(tmp_path, "t.WordPress.2024-10-01.xml", export(item(1)))])
    second = collect([zipped(tmp_path / "later.zip", {"t.WordPress.2025-01-01.xml": export(item(1))})])
    assert first.pieces == second.pieces


def test_a_draft_date_falls_back_and_an_entry_without_a_name_is_named(tmp_path: Path) -> None:
    nameless = "<item><content:encoded>x</content:encoded><wp:status>publish</wp:status></item>"
    path = write(tmp_path, "w.xml", export(nameless, item(2, gmt="0000-00-00 00:00:00")))
    harvest = collect([path])
    assert harvest.failed == [Failure(f"{path}#1", "has neither a guid nor a link nor a title")]
    assert harvest.pieces[0].published_at == datetime(2024, 10, 6, 8, tzinfo=UTC)


def test_control_characters_do_not_end_it_and_a_break_is_named(tmp_path: Path) -> None:
    path = write(
        tmp_path, "w.xml", export(item(1, content="<p>A\x08B\x0bC.</p>"), item(2)).replace("Title 2", "Ti<tle 2")
    )
    path.write_bytes(path.read_bytes().replace(b"<![CDATA[Ti<tle 2]]>", b"Ti<tle 2"))
    harvest = collect([path])
    assert [piece.body for piece in harvest.pieces] == ["ABC."]
    ((where, reason),) = harvest.failed
    assert where.startswith(f"{path}:") and "is broken XML from here on" in reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_expands_no_entities(tmp_path: Path, encoding: str) -> None:
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    head = HEAD.replace("UTF-8", encoding).replace("<rss", f"<!DOCTYPE rss [{laughs}]><rss", 1)
    path = write(
        tmp_path,
        "w.xml",
        export(item(1, content="&e9;").replace("<![CDATA[&e9;]]>", "&e9;"), head=head).encode(encoding),
    )
    harvest = collect([path])
    assert harvest.pieces == []
    assert "defines XML entities of its own" in harvest.failed[0].error


def test_an_external_entity_is_read_from_nowhere(tmp_path: Path) -> None:
    secret = write(tmp_path, "secret.txt", "Secret.")
    head = HEAD.replace("<rss", f'<!DOCTYPE rss SYSTEM "{secret.as_uri()}"><rss', 1)
    harvest = collect([write(tmp_path, "w.xml", export(item(1), head=head))])
    assert [piece.body for piece in harvest.pieces] == ["Words."]
