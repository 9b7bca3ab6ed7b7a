from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import BadInput
from memory.importers import read
from tests.memory.importers.helpers import piece_of, write

YAML = """---
title: "Fog, again"
date: 2025-03-09 08:30:00 +0100
tags: [fog signals, Harbours]
categories: harbours, letters
author: Ines Dahl
excerpt: A short one.
url: https://tidewater.example/fog
lang: no
license: CC BY 4.0
draft: true
episode: 12
---

# Fog, again

First paragraph.

Second paragraph.
"""


def test_reads_yaml_front_matter_whole(tmp_path: Path) -> None:
    piece = piece_of(tmp_path, "letters/fog.md", YAML)
    assert piece.model_dump() == {
        "source": "letters/fog.md",
        "title": "Fog, again",
        "body": "First paragraph.\n\nSecond paragraph.",
        "format": "markdown",
        "published_at": datetime(2025, 3, 9, 7, 30, tzinfo=UTC),
        "authors": ("Ines Dahl",),
        "tags": ("fog signals", "Harbours", "letters"),
        "excerpt": "A short one.",
        "url": "https://tidewater.example/fog",
        "language": "no",
        "license": "CC BY 4.0",
        "extra": {"episode": "12", "draft": True},
    }


def test_reads_toml_front_matter(tmp_path: Path) -> None:
    text = '+++\ntitle = "Kelp"\ndate = 2025-06-01\nauthors = ["Ines", "Leif"]\ndraft = false\n+++\nBrown and wet.\n'
    piece = piece_of(tmp_path, "kelp.md", text)
    assert (piece.title, piece.body, piece.authors) == ("Kelp", "Brown and wet.", ("Ines", "Leif"))
    assert piece.published_at == datetime(2025, 6, 1, tzinfo=UTC)
    assert piece.extra == {}


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# The **slow** [harbour](x.md) #\n\nText.", "The slow harbour", "Text."),
        ("The slow harbour\n================\n\nText.", "The slow harbour", "Text."),
        ("Before.\n\n## Later heading\n\nText.", "Later heading", "Before.\n\n## Later heading\n\nText."),
        ("```\n# a comment\n```\n\nText.", "Slow harbour", "```\n# a comment\n```\n\nText."),
        ("#hashtag is no heading", "Slow harbour", "#hashtag is no heading"),
        ("---\n\nText after a rule.", "Slow harbour", "---\n\nText after a rule."),
        ("**Ines:** Hello.\n\n**Leif:** Yes.", "Slow harbour", "**Ines:** Hello.\n\n**Leif:** Yes."),
    ],
)
def test_takes_the_title_from_the_first_heading_or_the_file(tmp_path: Path, text: str, title: str, body: str) -> None:
    piece = piece_of(tmp_path, "2025-05-01-slow-harbour.md", text)
    assert (piece.title, piece.body) == (title, body)
    assert piece.published_at == datetime(2025, 5, 1, tzinfo=UTC)


def test_keeps_a_heading_that_differs_from_the_title(tmp_path: Path) -> None:
    piece = piece_of(tmp_path, "a.md", "---\ntitle: One\n---\n# Two\n\nText.")
    assert (piece.title, piece.body) == ("One", "# Two\n\nText.")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("---\ntitle: ok\ntags: [a, b\n---\nText.", ":4: broken front matter"),
        ('---\ntitle: "never closed\n---\nText.', "broken front matter"),
        ("---\ntitle: Open\n\nText.", ":1: the front matter is never closed with ---"),
        ("+++\ntitle = 'a'\nx = = 2\n+++\nText.", ":3: broken front matter"),
        ("+++\ntitle = 'a'\n", ":1: the front matter is never closed with +++"),
        ("---\ntitle: Nothing else\n---\n\n", ": has no text"),
    ],
)
def test_names_the_file_and_line_of_broken_front_matter(tmp_path: Path, text: str, where: str) -> None:
    path = write(tmp_path, "a.md", text)
    with pytest.raises(BadInput) as caught:
        list(read(path, root=tmp_path))
    assert caught.value.message.startswith(str(path))
    assert where in caught.value.message


def test_front_matter_builds_no_objects_and_follows_no_bombs(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
    piece = piece_of(tmp_path, "a.md", f"---\n{bomb}run: !!python/object/apply:os.getcwd []\n---\nText.")
    assert piece.extra == {"a": ["x", "x"]}


def test_reads_utf16_latin1_and_a_utf8_mark(tmp_path: Path) -> None:
    text = "# Mø\n\nBlåskjell ved fyret."
    for name, data in {
        "u.md": text.encode("utf-16"),
        "b.md": text.encode("utf-8-sig"),
        "n.md": text.replace("å", "a\u030a").replace("\n", "\r\n").encode(),
    }.items():
        piece = piece_of(tmp_path, name, data)
        assert (piece.title, piece.body, piece.extra) == ("Mø", "Blåskjell ved fyret.", {})
    latin = piece_of(tmp_path, "l.md", text.encode("latin-1"))
    assert (latin.title, latin.body) == ("Mø", "Blåskjell ved fyret.")
    assert "not UTF-8" in latin.extra["notes"][0]


def test_leaves_an_ambiguous_date_out_and_says_so(tmp_path: Path) -> None:
    piece = piece_of(tmp_path, "a.md", "---\ndate: 03/04/2021\n---\nText.")
    assert piece.published_at is None
    assert piece.extra["notes"] == [
        "date left out: “03/04/2021” is not a full date that reads in one way only; write it as YYYY-MM-DD"
    ]
