"""The habits that an edit can show, each by its name: where a text gives it a chance, and what it would write there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from core.edits.change import Change, Rewrite
from core.edits.rules import Rule

Verdict = Literal["for", "against"]
FOR, AGAINST = 0.6, 0.3
"""Of the chances in one draft: from the one on it speaks for a rule, up to the other against it."""


def always_safe(_text: str, _rewrite: Rewrite) -> bool:
    """Say that a rewrite loses nothing."""
    return True


@dataclass(frozen=True)
class Trait:
    """One habit. `find` gives all that it would rewrite in a text; `suggest` gives the rules that an edit speaks of.

    `whole`: it cuts whole lines. `strict`: another word than the rule's speaks against it. `mechanical`: the rewrite is
    safe to carry out without a model, where `safe` says so of the place. `judge`: for what is no matter of places.
    """

    name: str
    says: str  # for a person and for a model; {old} and {new} are the rule's words
    find: Callable[[str, Rule], list[Rewrite]]
    suggest: Callable[[Change], Iterable[Rule]]
    whole: bool = False
    strict: bool = False
    english: bool = False
    mechanical: bool = True
    headline: bool = False  # of titles and subjects alone
    late: bool = False  # judged on what the others leave unexplained
    safe: Callable[[str, Rewrite], bool] = always_safe
    judge: Callable[[Change, Rule], Verdict | None] | None = None
    write: Callable[[str, Rule], str] | None = None  # where carrying it out is more than its rewrites

    def verdict(self, change: Change, rule: Rule) -> Verdict | None:
        """Return what an edit says about a rule; None where it had no chance, or says neither."""
        if self.judge:
            return self.judge(change, rule)
        fates = [change.fate(each, whole=self.whole) for each in self.find(change.before, rule)]
        made, left = fates.count("made"), fates.count("left")
        left += fates.count("otherwise") if self.strict else 0
        if self.comes_back(change, rule) > made:
            return "against"
        share = made / (made + left) if made + left else (FOR + AGAINST) / 2
        return "for" if share >= FOR else "against" if share <= AGAINST else None

    def comes_back(self, change: Change, rule: Rule) -> int:
        """Return in how many places the person put what the rule takes away."""
        if self.judge:
            return 0
        back = change.back
        return sum(back.fate(each, whole=self.whole) == "made" for each in self.find(change.after, rule))

    def made(self, change: Change, rule: Rule) -> list[Rewrite]:
        """Return the rewrites that the person made."""
        if self.judge:
            return []
        places = self.find(change.before, rule)
        return [each for each in places if change.fate(each, whole=self.whole) == "made"]


def fixed(name: str) -> Callable[[Change], Iterable[Rule]]:
    """Return what suggests the one rule of a trait that needs no words."""
    return lambda _: (Rule(trait=name),)


def plain(find: Callable[[str], list[Rewrite]]) -> Callable[[str, Rule], list[Rewrite]]:
    """Return a finder that needs no words of its rule."""
    return lambda text, _: find(text)


@lru_cache(maxsize=1)
def _all() -> dict[str, Trait]:
    from core.edits import headlines, lines, marks, phrases, shapes, wording

    return {
        trait.name: trait for room in (wording, marks, lines, phrases, shapes, headlines) for trait in room.traits()
    }


def traits_for(locale: str, *, headline: bool = False) -> list[Trait]:
    """Return the traits that show in a text of a locale; of a headline those of words and marks, and its own."""
    here = [trait for trait in all_traits() if locale.partition("-")[0] == "en" or not trait.english]
    if headline:
        return [trait for trait in here if trait.headline or (trait.judge is None and not trait.whole)]
    return [trait for trait in here if not trait.headline]


def all_traits() -> tuple[Trait, ...]:
    """Return every trait."""
    return tuple(_all().values())


def trait_of(name: str) -> Trait | None:
    """Return a trait by its name; None for one that no longer exists."""
    return _all().get(name)
