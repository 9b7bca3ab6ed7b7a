from datetime import UTC, datetime
from pathlib import Path

from memory.importers import Failure, collect
from tests.memory.importers.packing import left_out, unpacked, zipped

HEADER = "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url\n"
HTML = (
    "<h2>Fog</h2><p>One &amp; two.</p>"
    '<div class="subscription-widget-wrap-editor"><div class="preamble"><p>Thanks for reading.</p></div></div>'
    '<p class="button-wrapper" data-attrs="{}"><a class="button primary" href="x"><span>Share</span></a></p>'
    "<p>Three.</p>"
)
FILES = {
    "posts.csv": HEADER
    + '101.fog-horn,2024-10-06T08:00:00.000Z,true,2024-10-06T08:00:05.000Z,,newsletter,everyone,"Fog, horn","=1+1",\n'
    + "102.a-draft,,false,,,newsletter,everyone,Draft,,\n"
    + '103.gone,2024-10-07T08:00:00.000Z,true,,,newsletter,only_paid,"Gone",,\n'
    + '104.paid,2024-10-08T08:00:00.000Z,true,,,newsletter,only_paid,"Paid\nletter",,\n'
    + "105.audio,2024-10-09T08:00:00.000Z,true,,,podcast,everyone,Audio,,https://t.example/a.mp3\n",
    "posts/101.fog-horn.html": HTML,
    "posts/101.fog-horn.delivers.csv": "post_id,email\n",
    "posts/102.a-draft.html": "<p>Not yet.</p>",
    "posts/104.paid.html": "<p>For those who pay.</p>",
    "posts/105.audio.html": "",
    "email_list.tidewater.csv": "email,active_subscription\nreader@t.example,true\n",
}


def test_takes_published_posts(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", FILES)
    harvest = collect([path])
    letter, paid = harvest.pieces
    assert letter.model_dump() == {
        "source": "substack:101",
        "title": "Fog, horn",
        "body": "## Fog\n\nOne & two.\n\nThree.",
        "format": "substack",
        "published_at": datetime(2024, 10, 6, 8, tzinfo=UTC),
        "authors": (),
        "tags": (),
        "excerpt": "=1+1",
        "url": None,
        "language": None,
        "license": None,
        "extra": {"kind": "newsletter", "audience": "everyone", "slug": "fog-horn"},
    }
    assert (paid.title, paid.extra["audience"]) == ("Paid letter", "only_paid")
    missing = "names the post 103.gone, but posts/103.gone.html is not there"
    assert harvest.failed == [Failure(f"{path}/posts.csv:4", missing)]
    assert left_out(harvest) == {
        "drafts": 1, "posts without text": 1, "tables of an archive that hold no posts": 2,
    }  # fmt: skip


def test_unpacked_it_is_the_same_and_its_pages_are_not_read_twice(tmp_path: Path) -> None:
    packed = collect([zipped(tmp_path / "export.zip", FILES)])
    assert collect([unpacked(tmp_path / "substack", FILES)]).pieces == packed.pieces
    beside = unpacked(tmp_path / "all/substack", FILES).parent
    (beside / "note.md").write_text("A note.")
    assert [piece.source for piece in collect([beside]).pieces] == ["substack:101", "substack:104", "note.md"]


def test_an_unknown_table_says_which_are_known(tmp_path: Path) -> None:
    ((where, reason),) = collect([unpacked(tmp_path / "a", {"prices.csv": "what,price\nrope,3\n"})]).failed
    assert where.endswith("/prices.csv")
    assert reason.startswith("is a table, but none that Greenroom knows")
