"""What voice and generic-writing risk are measured on: a creator's unseen piece beside what is not theirs."""

from typing import Any

from evals.harness.by_creator import ByCreator
from evals.harness.cards import Case
from evals.harness.creators import Creator, creators
from evals.harness.pieces import piece
from evals.harness.stage import Stage


class OwnCase(Case):
    """One unseen piece of a creator's, by its file's name."""

    own: str


class OwnAndOthers(ByCreator[OwnCase]):
    """Each creator's held-out pieces. Nothing is written down for a case: the folders are the dataset."""

    case = OwnCase

    def of(self, who: Creator) -> list[OwnCase]:
        """Return a case for each held-out piece."""
        about = who.about
        return [
            OwnCase(id=f"{who.slug}-{self.name}-{path.stem}", creator=who.slug, split=about.split, own=path.stem)
            for path in who.held_out
        ]

    def own_text(self, stage: Stage, case: OwnCase) -> str:
        """Return the piece."""
        return next(piece(path).body for path in _who(stage, case).held_out if path.stem == case.own)

    def bland(self, stage: Stage, case: OwnCase) -> dict[str, str]:
        """Return the creator's own content as a bland generator tells it."""
        return {each.id: each.text for each in _who(stage, case).generic}

    def strangers(self, stage: Stage, case: OwnCase) -> dict[str, str]:
        """Return unseen pieces of other creators who write in the same language."""
        mine = _who(stage, case)
        language = mine.about.locale.split("-")[0]
        others = [each for each in creators(stage.people) if each.about.locale.split("-")[0] == language]
        return {
            f"{other.slug}/{path.stem}": piece(path).body
            for other in others
            if other.slug != mine.slug
            for path in other.held_out
        }

    def asked(self, case: OwnCase) -> str:
        """Return which piece."""
        return f"{case.creator}: {case.own}"


def _who(stage: Stage, case: OwnCase) -> Creator:
    return next(each for each in creators(stage.people) if each.slug == case.creator)


def above(own: float, others: dict[str, float | None]) -> float | None:
    """Return the share of others that stand below one's own, ties by half: the piece's part of an AUC."""
    known = [each for each in others.values() if each is not None]
    if not known:
        return None
    return sum(1.0 if own > each else 0.5 if own == each else 0.0 for each in known) / len(known)


def nearest(others: dict[str, float | None]) -> tuple[str, Any]:
    """Return the other one with the highest score."""
    return max(((name, each) for name, each in others.items() if each is not None), key=lambda pair: pair[1])
