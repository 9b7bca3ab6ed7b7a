"""What one edit teaches: for each rule that it speaks of, whether it speaks for it or against it."""

from collections.abc import Iterable
from functools import lru_cache

from core import names
from core.base import Noun
from core.edits.change import Change
from core.edits.phrases import unexplained
from core.edits.rules import Rule
from core.edits.standing import Voice
from core.edits.traits import Trait, trait_of, traits_for


class Seen(Noun):
    """One rule, and what an edit says about it."""

    rule: Rule
    voice: Voice


Lesson = tuple[Seen, ...]


def lesson_of(
    drafted: str,
    edited: str,
    *,
    shown: str | None = None,
    applied: Iterable[Rule] = (),
    known: Iterable[Rule] = (),
    source: str = "",
    locale: str = "en",
    headline: bool = False,
) -> Lesson:
    """Return what an edit teaches.

    `drafted` is the text as the model wrote it, `shown` as the person saw it after `applied` rules had rewritten it.
    `known` are rules with words of their own that are to be judged again; `source` is what the draft was made from: a
    word that was put right by it teaches nothing. `headline`: they are titles or subjects, not texts.
    """
    shown = drafted if shown is None else shown
    if drafted.strip() == edited.strip() and not applied:
        return ()
    change, seen = Change(drafted, edited), Change(shown, edited)
    if not change.is_prose:
        return ()
    done = {rule.key: rule for rule in applied}
    traits = traits_for(locale, headline=headline)
    early = [trait for trait in traits if not trait.late]
    verdicts = _judged(change, early, known)
    rest = unexplained(change, _explained(change, early, known))
    verdicts |= _judged(rest, [trait for trait in traits if trait.late], known)
    found = [Seen(rule=rule, voice=voice) for rule, voice in verdicts.values() if rule.key not in done]
    found += [kept for rule in done.values() if (kept := _of_applied(rule, change, seen))]
    return tuple(each for each in found if not _puts_right(each.rule, source))


def together(lessons: Iterable[Lesson]) -> Lesson:
    """Return the lessons of one edit's parts as one: on each rule the first that speaks of it is heard."""
    heard: dict[str, Seen] = {}
    for seen in (each for lesson in lessons for each in lesson):
        heard.setdefault(seen.rule.key, seen)
    return tuple(heard.values())


def _judged(change: Change, traits: list[Trait], known: Iterable[Rule]) -> dict[str, tuple[Rule, Voice]]:
    found: dict[str, tuple[Rule, Voice]] = {}
    for trait in traits:
        for rule in {each.key: each for each in (*trait.suggest(change), *_known(trait, known))}.values():
            if verdict := trait.verdict(change, rule):
                found[rule.key] = (rule, verdict)
    return found


def _known(trait: Trait, known: Iterable[Rule]) -> list[Rule]:
    return [rule for rule in known if rule.trait == trait.name]


def _explained(change: Change, traits: list[Trait], known: Iterable[Rule]) -> set[int]:
    """Return the words whose change is some rule's: they are no evidence for another one."""
    explained: set[int] = set()
    for trait in traits:
        for rule in (*trait.suggest(change), *_known(trait, known)):
            for each in trait.made(change, rule):
                explained |= set(change.within(each.start, each.end))
    return explained


def _of_applied(rule: Rule, change: Change, seen: Change) -> Seen | None:
    """Judge a rule that had rewritten the draft already: was that left as it was, or taken back?"""
    trait = trait_of(rule.trait)
    if trait is None:
        return None
    if trait.comes_back(seen, rule) or (trait.judge is None and _overruled(trait, rule, change)):
        return Seen(rule=rule, voice="overruled")
    verdict = trait.verdict(change, rule)
    if verdict is None:
        return None
    return Seen(rule=rule, voice="kept" if verdict == "for" else "overruled")


def _overruled(trait: Trait, rule: Rule, change: Change) -> bool:
    fates = [change.fate(each, whole=trait.whole) for each in trait.find(change.before, rule)]
    return fates.count("left") + fates.count("otherwise") > fates.count("made")


def _puts_right(rule: Rule, source: str) -> bool:
    """Say whether new words come from the source where the old ones don't stand, or either is a name there."""
    if rule.trait not in ("words", "phrases", "openings") or not source:
        return False
    there, named = _words_of(source)
    old, new = rule.old.split(), rule.new.split()
    if any(word in named for word in (*old, *new)):
        return True
    return bool(new) and set(new) <= there and not set(old) <= there


@lru_cache(maxsize=32)
def _words_of(source: str) -> tuple[frozenset[str], frozenset[str]]:
    named = {word for name in names.find(source) for word in name.words}
    return frozenset(names.words(source)), frozenset(named)
