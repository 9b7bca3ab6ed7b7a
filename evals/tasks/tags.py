"""Tagging: are the creator's own tags proposed for a piece that is new?"""

from pathlib import Path
from typing import Any

from pydantic import Field

from evals.harness.by_creator import ByCreator
from evals.harness.cards import Case
from evals.harness.creators import Creator, creators
from evals.harness.pieces import piece
from evals.harness.stage import Stage
from evals.harness.task import Metric, Scored

K = 5


class TagCase(Case):
    """An unseen piece, and those of its tags that past works carry too: others can't be known."""

    own: str
    tags: tuple[str, ...] = Field(min_length=1)


class Tags(ByCreator[TagCase]):
    """Through `app.tagging`, as `greenroom tag` asks it, without what the file says of its tags."""

    name = "tags"
    says = "The creator's own tags are proposed for a piece that is new"
    limits = "Only tags that past works carry can be right: a good new tag counts as none. No model takes part."
    case = TagCase
    metrics = (
        Metric("own_tags_at_5", "share of the piece's own tags among the first five proposed"),
        Metric("first_right", "share of pieces whose first proposed tag is one of its own"),
    )

    def of(self, who: Creator) -> list[TagCase]:
        """Return a case for each held-out piece that carries a tag of the vocabulary."""
        known = {tag for path in sorted(who.works.glob("*.md")) for tag in piece(path).tags}
        rows = [(path.stem, tuple(tag for tag in piece(path).tags if tag in known)) for path in who.held_out]
        return [
            TagCase(id=f"{who.slug}-tags-{stem}", creator=who.slug, split=who.about.split, own=stem, tags=tags)
            for stem, tags in rows
            if tags
        ]

    def perform(self, stage: Stage, case: TagCase) -> dict[str, Any]:
        """Tag the piece's title and body."""
        from app.tagging import Choices, tag_text
        from tools.tagged import Asked

        who = next(each for each in creators(stage.people) if each.slug == case.creator)
        found = piece(next(path for path in who.held_out if path.stem == case.own))
        said = tag_text(stage.studio(case.creator), Asked(found.body, found.title), Choices(k=10, model=False))
        return {"tags": [{"tag": each.tag, "source": each.source} for each in said.tags], "title": found.title}

    def score(self, case: TagCase, got: dict[str, Any]) -> Scored:
        """Count the piece's own tags."""
        found = [each["tag"].casefold() for each in got["tags"]]
        own = [tag.casefold() for tag in case.tags]
        hits = [tag for tag in own if tag in found[:K]]
        return Scored(
            values={
                "own_tags_at_5": len(hits) / len(own),
                "first_right": float(bool(found) and found[0] in own),
            },
            expected=", ".join(case.tags),
            got=", ".join(found[:K]),
            why="missed: " + ", ".join(tag for tag in own if tag not in hits) if len(hits) < len(own) else "",
        )

    def asked(self, case: TagCase) -> str:
        """Return which piece."""
        return f"{case.creator}: {Path(case.own).stem}"
