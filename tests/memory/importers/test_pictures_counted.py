"""How many pictures a piece shows is kept with their alt texts: the audit asks which are missing."""

import json
from pathlib import Path

import pytest

from core.gaps import Entry, missing_alt
from memory.importers import collect
from memory.importers.markup import pictures_in
from tests.memory.importers.helpers import write
from tests.memory.importers.packing import zipped

SHOWN = (
    '<p>The tin.</p><figure><img src="a.png" alt=" A tin,\n with a church "></figure><IMG SRC="b.png"><img alt="" src="c.png">'
    '<img class="emoji" src="wave.svg" alt="🌊"><img src="https://count.example/p.gif" width="1" height="1">'
)
FOUND = {"pictures": 3, "alt texts": ["A tin, with a church"]}
WXR = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version><item><title>A</title>
<guid>g</guid><content:encoded><![CDATA[{html}]]></content:encoded><wp:post_type>post</wp:post_type>
<wp:status>publish</wp:status></item></channel></rss>"""
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>T</title><item><title>A</title><guid>g</guid><content:encoded><![CDATA[{html}]]></content:encoded></item>
</channel></rss>"""
GHOST = (
    '{{"db": [{{"meta": {{"exported_on": 1}}, "data": {{"posts": [{{"id": "1", "title": "A", "html": {html}}}]}}}}]}}'
)
MEDIUM = (
    '<html><body class="h-entry"><h1 class="p-name">A</h1><section class="e-content">{html}</section></body></html>'
)
CSV = "post_id,post_date,is_published,type,audience,title\n1.a,2024-03-01,true,newsletter,everyone,A\n"


@pytest.mark.parametrize("kind", ["html", "wordpress", "rss", "ghost", "medium", "substack"])
def test_every_page_counts_what_it_shows(tmp_path: Path, kind: str) -> None:
    made = {
        "html": lambda: write(tmp_path, "a.html", f"<html><body><article>{SHOWN}</article></body></html>"),
        "wordpress": lambda: write(tmp_path, "a.xml", WXR.format(html=SHOWN)),
        "rss": lambda: write(tmp_path, "b.xml", RSS.format(html=SHOWN)),
        "ghost": lambda: write(tmp_path, "a.json", GHOST.format(html=json.dumps(SHOWN))),
        "medium": lambda: zipped(
            tmp_path / "m.zip", {"posts/2024-03-01_A-0123456789ab.html": MEDIUM.format(html=SHOWN)}
        ),
        "substack": lambda: zipped(tmp_path / "s.zip", {"posts.csv": CSV, "posts/1.a.html": SHOWN}),
    }[kind]()
    harvest = collect([made])
    assert harvest.failed == []
    (piece,) = harvest.pieces
    assert {name: piece.extra[name] for name in FOUND} == FOUND
    entry = dict.fromkeys(Entry._fields) | {"extra": piece.extra, "pictured": ""}
    assert missing_alt(Entry(**entry)) == 2


def test_no_picture_is_nothing() -> None:
    assert pictures_in("<p>An img without a picture: &lt;img&gt;</p>") == pictures_in("") == {}
    assert pictures_in("<img") == {}
