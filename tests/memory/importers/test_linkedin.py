from datetime import UTC, datetime
from pathlib import Path

from memory.importers import Failure, collect
from tests.memory.importers.packing import left_out, unpacked, zipped

SHARE = "https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A"
SHARES = (
    "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n"
    f'2024-10-06 08:00:00,{SHARE}7,"Fog, again.\nTwo ""blasts"".",https://t.example/fog,,MEMBER_NETWORK\n'
    f'2024-10-07 08:00:00,{SHARE}8,"First line.""\n""""\n""Second line.",,,MEMBER_NETWORK\n'
    f"2024-10-08 08:00:00,{SHARE}9,,https://t.example/other,,MEMBER_NETWORK\n"
    f'2024-10-09 08:00:00,{SHARE}10,=HYPERLINK("x"),,,MEMBER_NETWORK\n'
)
ARTICLE = """<html><head><title>The cost of fog</title><style>h1 {{ }}</style></head><body>
<h1><a href="https://www.linkedin.com/pulse/cost-fog-ines-dahl">The cost of fog</a></h1>
<p class="created">Created on 2024-09-20 06:04</p>
{published}<div><p>One.</p><ul><li><p>Two.</p></li></ul></div></body></html>"""
PUBLISHED = '<p class="published">Published on 2024-09-20 06:12</p>'
FILES = {
    "Shares.csv": SHARES,
    "Connections.csv": 'Notes:\n"When exporting"\n\nFirst Name,Last Name\nLeif,Aune\n',
    "messages.csv": "FROM,TO,CONTENT\nLeif,Ines,private\n",
    "Articles/Articles/cost-fog.html": ARTICLE.format(published=PUBLISHED),
    "Articles/Articles/not-yet.html": ARTICLE.format(published="").replace("cost-fog", "not-yet"),
}


def test_takes_posts_and_articles(tmp_path: Path) -> None:
    harvest = collect([zipped(tmp_path / "Complete_LinkedInDataExport.zip", FILES)])
    assert harvest.failed == []
    article, first, second, formula = harvest.pieces
    assert first.model_dump() == {
        "source": "linkedin:urn:li:share:7",
        "title": "",
        "body": 'Fog, again.\nTwo "blasts".',
        "format": "linkedin",
        "published_at": datetime(2024, 10, 6, 8, tzinfo=UTC),
        "authors": (),
        "tags": (),
        "excerpt": "",
        "url": "https://www.linkedin.com/feed/update/urn:li:share:7",
        "language": None,
        "license": None,
        "extra": {"linked": "https://t.example/fog", "audience": "MEMBER_NETWORK"},
    }
    assert second.body == "First line.\n\nSecond line."
    assert formula.body == '=HYPERLINK("x")'
    assert (article.title, article.body) == ("The cost of fog", "One.\n\n- Two.")
    assert article.source == "linkedin:https://www.linkedin.com/pulse/cost-fog-ines-dahl"
    assert article.published_at == datetime(2024, 9, 20, 6, 12, tzinfo=UTC)
    assert left_out(harvest) == {
        "reposts and shares without words of one's own": 1, "drafts": 1, "tables of an archive that hold no posts": 2,
    }  # fmt: skip


def test_named_alone_and_with_a_member_number(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "l", {"Shares_123.csv": SHARES})
    assert len(collect([folder / "Shares_123.csv"]).pieces) == 3


def test_a_broken_row_is_named_by_its_line(tmp_path: Path) -> None:
    huge = "x" * 140_000  # more than the csv module takes in one cell
    table = SHARES + f'2024-10-10 08:00:00,{SHARE}11,"{huge}",,,\n2024-10-11 08:00:00,{SHARE}12,After.,,,\n'
    folder = unpacked(tmp_path / "l", {"Shares.csv": table})
    harvest = collect([folder])
    reason = "is no row of a table (field larger than field limit (131072))"
    assert harvest.failed == [Failure(f"{folder}/Shares.csv:9", reason)]
    assert harvest.pieces[-1].body == "After."
