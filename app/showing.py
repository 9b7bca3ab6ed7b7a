"""What is shown beside a past work: its versions, the works that say nearly the same, and how it did."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.outcomes import Outcome, in_words
from core.works import Work

if TYPE_CHECKING:
    from memory import Memory


@dataclass(frozen=True)
class Beside:
    """A work's surroundings."""

    versions: tuple[Work, ...]  # the first one first, the present one last
    alike: tuple[tuple[Work, float], ...]  # with their Jaccard similarity of word 3-grams, the likest first
    outcomes: tuple[Outcome, ...]

    def as_json(self) -> dict[str, Any]:
        """Return what `greenroom works show` prints beside the work itself."""
        shown = {"version", "title", "content_hash", "words", "imported_at"}
        return {
            "versions": [each.model_dump(mode="json", include=shown) for each in self.versions],
            "near_duplicates": [
                {**each.model_dump(mode="json", include={"id", "title", "source", "published_at"}), "jaccard": alike}
                for each, alike in self.alike
            ],
            "did": in_words(self.outcomes),
            "outcomes": [each.model_dump(mode="json", exclude={"workspace"}) for each in self.outcomes],
        }

    def lines(self) -> Iterator[str]:
        """Yield it for a person."""
        for each in self.versions[:-1]:
            yield f"· version {each.version} of {each.imported_at:%Y-%m-%d}: {each.words} words, “{each.title}”"
        for each, alike in self.alike:
            day = f", {each.published_at:%Y-%m-%d}" if each.published_at else ""
            yield f"· {alike:.0%} like “{each.title}” ({each.id}{day})"
        if did := in_words(self.outcomes):
            yield f"· it did: {did}"


def beside(memory: "Memory", work: Work) -> Beside:
    """Return what is shown beside a work."""
    links = sorted(memory.works.near_duplicates_of(work.id).items(), key=lambda link: -link[1])
    return Beside(
        versions=memory.works.versions(work.workspace, work.id),
        alike=tuple((memory.works.get(work.workspace, other), round(alike, 3)) for other, alike in links),
        outcomes=memory.outcomes.of(work.workspace, [work.id])[work.id],
    )
