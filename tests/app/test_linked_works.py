"""What is said of a past work by its id, a person reads by its title, with a link where it has a page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.linked_works import linked, titled
from app.studio import Studio
from tests.conftest import Clock
from tests.making import make_studio

TITLE = "Tide *tables* [2026]"


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = make_studio(tmp_path, clock)
    yield made
    made.close()


def test_an_id_becomes_a_title_with_a_link_and_is_said_once(studio: Studio) -> None:
    id_ = kept(studio)
    link = f"[“Tide \\*tables\\* \\[2026\\]”](/works/{id_})"
    assert linked(studio, f"Find angles for “{TITLE}” ({id_}).") == f"Find angles for {link}."
    assert linked(studio, f"make posts of it ({id_})") == f"make posts of it ({link})"
    assert linked(studio, f"It leans on {id_}, and {id_}.") == f"It leans on {link}, and {link}."
    assert titled(studio, f"Find angles for “{TITLE}” ({id_})") == f"Find angles for “{TITLE}”"


def test_what_is_no_name_stays(studio: Studio) -> None:
    id_ = kept(studio)
    for text in (
        f"`greenroom show {id_}`",
        f"[there](/works/{id_})",
        f"https://a.example/works/{id_}",
        "unknown (w_000000000000) here",
        "nothing of the kind",
    ):
        assert linked(studio, text) == text


def kept(studio: Studio) -> str:
    """Give a work a title that looks like Markdown; return its id."""
    found = studio.memory.works.list(studio.workspace.id)[0]
    studio.memory.works.mend(studio.workspace.id, found.id, {"title": TITLE})
    return found.id
