from datetime import UTC, datetime
from pathlib import Path

from memory.importers import Failure, collect
from tests.memory.importers.packing import left_out, unpacked, zipped

PAGE = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{title}</title>
<style> * {{ font-family: Georgia; }} header, section[data-field=subtitle] {{ display: none; }} </style></head><body>
<article class="h-entry"><header><h1 class="p-name">{title}</h1></header>
<section data-field="subtitle" class="p-summary">{summary}</section>
<section data-field="body" class="e-content"><section name="2eef" class="section section--body section--first">
<div class="section-divider"><hr class="section-divider"></div><div class="section-content">
<div class="section-inner sectionLayout--insetColumn">{content}</div></div></section></section>
<footer><p>By <a href="https://medium.com/@ines" class="p-author h-card">Ines Dahl</a> on
<a href="https://medium.com/p/{id}"><time class="dt-published" datetime="2024-10-06T08:00:00.000Z">October 6, 2024</time></a>.
</p><p><a href="https://medium.com/@ines/{slug}-{id}" class="p-canonical">Canonical link</a></p>
<p>Exported from <a href="https://medium.com">Medium</a> on March 1, 2026.</p></footer></article></body></html>"""


def page(title: str, content: str, id: str, summary: str = "") -> str:
    return PAGE.format(title=title, content=content, id=id, slug="s", summary=summary)


STORY = (
    '<h3 name="a" class="graf graf--h3 graf--leading graf--title">Fog &amp; horn</h3>'
    '<h4 name="b" class="graf graf--h4 graf-after--h3 graf--subtitle">What two blasts mean</h4>'
    '<p class="graf graf--p">One.</p><blockquote class="graf graf--blockquote">Said.</blockquote>'
    '<p class="graf graf--p graf--trailing">Two.</p>'
)
FILES = {
    "README.html": "<html><body><h1>Your Medium archive</h1></body></html>",
    "profile/profile.html": '<html><body class="h-card"><p>Ines</p></body></html>',
    "bookmarks/bookmarks-0001.html": "<html><body><ul><li>Somebody else's</li></ul></body></html>",
    "posts/2024-10-06_Fog---horn-ab12cd34ef56.html": page("Fog &amp; horn", STORY, "ab12cd34ef56", "One. Two…"),
    "posts/2024-10-07_Thank-you-for-this-bb12cd34ef56.html": page(
        "Thank you for this", "<p>Thank you for this, Leif.</p>", "bb12cd34ef56"
    ),
    "posts/2024-10-08_Picture-cc12cd34ef56.html": page("Picture", "<figure><img src='x'></figure>", "cc12cd34ef56"),
    "posts/draft_Not-yet-dd12cd34ef56.html": page("Not yet", STORY, "dd12cd34ef56"),
    "posts/2024-10-09_Odd-ee12cd34ef56.html": '<article class="h-entry"><p>No content.</p></article>',
}


def test_takes_stories_and_leaves_out_drafts_and_responses(tmp_path: Path) -> None:
    path = zipped(tmp_path / "medium-export.zip", FILES)
    harvest = collect([path])
    (story,) = harvest.pieces
    assert story.model_dump() == {
        "source": "medium:ab12cd34ef56",
        "title": "Fog & horn",
        "body": "One.\n\n> Said.\n\nTwo.",
        "format": "medium",
        "published_at": datetime(2024, 10, 6, 8, tzinfo=UTC),
        "authors": ("Ines Dahl",),
        "tags": (),
        "excerpt": "What two blasts mean",
        "url": "https://medium.com/@ines/s-ab12cd34ef56",
        "language": None,
        "license": None,
        "extra": {"permanent": "https://medium.com/p/ab12cd34ef56"},
    }
    odd = f"{path}/posts/2024-10-09_Odd-ee12cd34ef56.html"
    assert harvest.failed == [Failure(odd, "has no part that Medium marks as a story's text")]
    assert left_out(harvest) == {
        "drafts": 1, "posts without text": 1, "responses to other stories (short, without a heading)": 1,
    }  # fmt: skip


def test_unpacked_it_is_the_same(tmp_path: Path) -> None:
    packed = collect([zipped(tmp_path / "export.zip", FILES)])
    folder = collect([unpacked(tmp_path / "medium", FILES)])
    assert (folder.pieces, folder.left_out) == (packed.pieces, packed.left_out)


def test_a_site_with_a_folder_of_posts_is_no_medium_export(tmp_path: Path) -> None:
    site = {"posts/fog.html": "<html><body><article><h1>Fog</h1><p>One.</p></article></body></html>"}
    assert [piece.source for piece in collect([unpacked(tmp_path / "site", site)]).pieces] == ["posts/fog.html"]


def test_a_long_text_without_a_heading_is_a_story(tmp_path: Path) -> None:
    words = "Untitled and long. " * 120
    files = {
        "posts/2024-10-06_Untitled-ab12cd34ef56.html": page("Untitled and long.", f"<p>{words}</p>", "ab12cd34ef56")
    }
    assert len(collect([unpacked(tmp_path / "m", files)]).pieces) == 1
