"""Carry rules out on a text, where that is safe and mechanical: for any model, before checks and hash."""

from collections.abc import Iterable

from core.edits.rewriting import carried_out
from core.edits.rules import TOLD, Rule
from core.edits.traits import Trait, trait_of

_ORDER = ("calls", "last_question", "hashtags", "leadins", "short_opening")
"""What cuts whole lines goes first: the others need not touch what is gone."""


def applied(text: str, rules: Iterable[Rule], *, locale: str = "en") -> tuple[str, tuple[Rule, ...]]:
    """Return the text with the rules carried out, and those that changed something. A text is never emptied."""
    done: list[Rule] = []
    for rule in sorted(rules, key=lambda each: _ORDER.index(each.trait) if each.trait in _ORDER else len(_ORDER)):
        trait = trait_of(rule.trait)
        if trait is None or not trait.mechanical or (trait.english and locale.partition("-")[0] != "en"):
            continue
        after = _carried_out(text, trait, rule)
        if after.strip() and after != text:
            text, done = after, [*done, rule]
    return text, tuple(done)


def _carried_out(text: str, trait: Trait, rule: Rule) -> str:
    if trait.write:
        return trait.write(text, rule).strip()
    return carried_out(text, [each for each in trait.find(text, rule) if trait.safe(text, each)])


def says(rule: Rule) -> str:
    """Return a rule in words."""
    if rule.trait == TOLD:
        return rule.new
    trait = trait_of(rule.trait)
    return (trait.says if trait else rule.trait).format(old=rule.old, new=rule.new)
