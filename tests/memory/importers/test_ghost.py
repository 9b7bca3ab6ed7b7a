import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from memory.importers import collect
from memory.importers.ghost_documents import lexical, mobiledoc
from tests.memory.importers.helpers import write
from tests.memory.importers.packing import bodies, left_out


def post(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"6{number:023d}", "uuid": f"00000000-0000-4000-8000-{number:012d}", "title": f"Title {number}",
        "slug": f"t{number}", "mobiledoc": None, "lexical": None, "html": "<p>Words.</p>", "plaintext": "Words.",
        "type": "post", "status": "published", "locale": None, "visibility": "public", "custom_excerpt": None,
        "published_at": "2024-10-06T08:00:00.000Z", "canonical_url": None, **more,
    }  # fmt: skip


def export(*posts: Any, wrapped: bool = True) -> str:
    one = f"6{1:023d}"
    tables = {
        "meta": {"exported_on": 1728201600000, "version": "5.94.1"},
        "data": {
            "posts": list(posts),
            "posts_authors": [{"post_id": one, "author_id": "u2", "sort_order": 1},
                              {"post_id": one, "author_id": "u1", "sort_order": 0}],
            "posts_tags": [{"post_id": one, "tag_id": "t1", "sort_order": 0}, {"post_id": one, "tag_id": "t2", "sort_order": 1}],
            "settings": [{"key": "title", "value": "Tidewater"}],
            "tags": [{"id": "t1", "name": "fog"}, {"id": "t2", "name": "#internal"}],
            "users": [{"id": "u1", "name": "Ines Dahl"}, {"id": "u2", "name": "Leif Aune"}],
        },
    }  # fmt: skip
    return json.dumps({"db": [tables]} if wrapped else tables, indent=1)


@pytest.mark.parametrize("wrapped", [True, False])
def test_takes_a_post_with_its_tags_and_authors(tmp_path: Path, wrapped: bool) -> None:
    text = export(
        post(1, html="<h2>H</h2><p>One &amp; two.</p>", custom_excerpt="Short.", locale="nb"), wrapped=wrapped
    )
    harvest = collect([write(tmp_path, "t.ghost.2024-10-06.json", text)])
    assert (harvest.failed, harvest.left_out) == ([], ())
    (piece,) = harvest.pieces
    assert piece.model_dump() == {
        "source": "ghost:00000000-0000-4000-8000-000000000001",
        "title": "Title 1",
        "body": "## H\n\nOne & two.",
        "format": "ghost",
        "published_at": datetime(2024, 10, 6, 8, tzinfo=UTC),
        "authors": ("Ines Dahl", "Leif Aune"),
        "tags": ("fog",),
        "excerpt": "Short.",
        "url": None,
        "language": "nb",
        "license": None,
        "extra": {"slug": "t1", "kind": "post", "audience": "public"},
    }


def test_takes_what_went_out_and_says_what_it_left_out(tmp_path: Path) -> None:
    posts = [
        post(1), post(2, status="draft"), post(3, status="scheduled"), post(4, status="sent"), post(5, type="page"),
        post(6, html=None, plaintext=None), post(7, visibility="paid"),
    ]  # fmt: skip
    harvest = collect([write(tmp_path, "g.json", export(*posts))])
    assert [piece.title for piece in harvest.pieces] == ["Title 1", "Title 4", "Title 5", "Title 7"]
    assert harvest.pieces[3].extra["audience"] == "paid"
    assert left_out(harvest) == {"drafts": 1, "scheduled posts": 1, "posts without text": 1}


def test_old_exports_with_numbers_for_dates_and_ids(tmp_path: Path) -> None:
    old = {"id": 5, "title": "Old", "markdown": "The *old* text.", "status": "published", "published_at": 1388805572000,
           "author_id": 1, "page": 1}  # fmt: skip
    data = {
        "meta": {"exported_on": 1, "version": "003"},
        "data": {"posts": [old], "users": [{"id": 1, "name": "Ines"}]},
    }
    (piece,) = collect([write(tmp_path, "g.json", json.dumps(data))]).pieces
    assert (piece.source, piece.body, piece.authors) == ("ghost:5", "The *old* text.", ("Ines",))
    assert piece.published_at == datetime(2014, 1, 4, 3, 19, 32, tzinfo=UTC)
    assert piece.extra["kind"] == "page"


def test_posts_without_html_are_read_from_their_documents(tmp_path: Path) -> None:
    def text(words: str) -> dict[str, Any]:
        return {"type": "extended-text", "text": words}

    root = {"root": {"type": "root", "children": [
        {"type": "extended-heading", "tag": "h3", "children": [text("Fog")]},
        {"type": "paragraph", "children": [text("One "), {"type": "link", "children": [text("link")]}, text(".")]},
        {"type": "list", "children": [{"type": "listitem", "children": [text("a")]}]},
        {"type": "extended-quote", "children": [text("Said.")]},
        {"type": "html", "html": "<p>Card.</p>"}, {"type": "image", "src": "x"},
    ]}}  # fmt: skip
    doc = {"version": "0.3.1", "markups": [], "atoms": [], "cards": [["markdown", {"markdown": "*Card*"}]], "sections": [
        [1, "h2", [[0, [], 0, "Fog"]]], [1, "p", [[0, [0], 1, "One "], [1, [], 0, 0], [0, [], 0, "two."]]],
        [3, "ul", [[[0, [], 0, "a"]]]], [10, 0], [10, 99], ["odd"],
    ]}  # fmt: skip
    posts = [post(1, html=None, lexical=json.dumps(root)), post(2, html="", mobiledoc=json.dumps(doc))]
    found = list(bodies(write(tmp_path, "g.json", export(*posts))).values())
    assert found == [
        "### Fog\n\nOne link.\n\n- a\n\n> Said.\n\nCard.",
        "## Fog\n\nOne\ntwo.\n\n- a\n\n*Card*",
    ]


@pytest.mark.parametrize("text", ["", "[", "[1]", '{"root": 3}', '{"root": {"children": [[], {"children": 3}]}}',
                                  '{"sections": [[1, "", []], [10, -1], [1, "h9", [[0]]]]}', "[" * 9999])  # fmt: skip
def test_documents_of_another_form_are_empty(text: str) -> None:
    assert (lexical(text), mobiledoc(text)) == ("", "")


def test_a_bad_row_and_a_broken_end_are_named(tmp_path: Path) -> None:
    whole = export(post(1), 7, post(3, uuid="", id=""))
    path = write(tmp_path, "g.json", whole)
    harvest = collect([path])
    assert [piece.title for piece in harvest.pieces] == ["Title 1"]
    assert [error for _, error in harvest.failed] == ["is no post", "has no id"]
    assert all(where.startswith(f"{path}:") for where, _ in harvest.failed)
    path.write_text(whole[: whole.index('"posts_authors"') - 4])
    harvest = collect([path])
    assert [piece.title for piece in harvest.pieces] == ["Title 1"]
    assert "is not valid JSON" in harvest.failed[-1].error
