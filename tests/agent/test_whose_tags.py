"""A draft's tags are ranked by whose material it is made from: in a studio of several people each has subjects."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.brief_nodes import BriefNodes
from app.studio import Studio
from core.briefs import Brief
from core.drafts import Content, Draft
from tests.making import make_studio
from tests.memory.making import NOON

BOATS = "Somebody rows the skiff out at dawn, past the buoys and the nets, number {}."


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """Two people who write about the same boats, each under a tag of their own, beside a third who does not."""
    folder = tmp_path_factory.mktemp("two")
    made = make_studio(folder, lambda: NOON)
    for author, tag in (("Sigrid", "boats"), ("Olav", "engines")):
        for number in range(4):
            front = f"---\ntitle: Out at dawn\ndate: 2026-05-0{number + 1}\ntags: [{tag}]\nauthor: {author}\n---\n\n"
            (folder / f"{author}{number}.md").write_text(front + BOATS.format(number) + "\n", encoding="utf-8")
    made.import_paths([Path(each) for each in sorted(folder.glob("*.md"))])
    yield made
    made.close()


def tags_of(studio: Studio, name: str, **about: str | None) -> tuple[str, ...]:
    space = studio.workspace.id
    brief = Brief(id=f"b_{name}", workspace=space, ask="Boats", channels=("site",), created_at=NOON, **about)  # type: ignore[arg-type]
    draft = Draft(
        id=f"d_{name}", brief_id=brief.id, workspace=space, channel="site", locale="en", model="rehearsal",
        content=Content(text=BOATS.format("nine")), created_at=NOON,
    )  # fmt: skip
    studio.memory.briefs.add(brief)
    studio.memory.drafts.add(draft)
    BriefNodes(studio.crew).tag({"brief_id": brief.id, "draft_ids": [draft.id]})
    return studio.memory.drafts.get(draft.id).content.tags


@pytest.mark.parametrize(("author", "first"), [("Sigrid", "boats"), ("Olav", "engines")])
def test_the_author_of_the_piece_that_it_is_made_from_comes_first(studio: Studio, author: str, first: str) -> None:
    source = next(work for work in studio.memory.works.list(studio.workspace.id) if work.authors == (author,))
    assert tags_of(studio, f"of_{author}", source_work_id=source.id)[0] == first
    assert tags_of(studio, f"by_{author}", requested_by=author)[0] == first


def test_a_piece_that_is_forgotten_meanwhile_stops_no_brief(studio: Studio) -> None:
    assert set(tags_of(studio, "gone", source_work_id="w_000000000000")) >= {"boats", "engines"}
