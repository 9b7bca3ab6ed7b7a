"""From lessons to rules: evidence gathered by rule, apart for channels and languages where it differs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from core.base import Noun
from core.edits.rules import TOLD, Rule
from core.edits.standing import IN_A_ROW, Life, Said, Sign, life_of
from core.preferences import Preference, Support, id_of, language_of
from memory.lessons import KeptLesson

SHOWN_FROM = 2  # edits: fewer are no habit yet, and no card


class RuleWord(Noun):
    """What a person said of a rule, and where."""

    rule: Rule
    channel: str | None
    language: str | None
    said: Said


class Evidence(NamedTuple):
    """One edit's word on one rule."""

    sign: Sign
    channel: str
    language: str
    asked: bool  # in so many words, by a change request


class Scope(NamedTuple):
    """A rule in one place, with its evidence there."""

    channel: str | None
    language: str | None
    evidence: Sequence[Evidence]


def settled(
    workspace: str, kept: Sequence[KeptLesson], words: Sequence[RuleWord], now: datetime
) -> Iterator[Preference]:
    """Yield the rules that the lessons and a person's words come to, each once a place."""
    rules = {seen.rule.key: seen.rule for lesson in kept for seen in lesson.seen}
    rules |= {word.rule.key: word.rule for word in words}
    gathered = _gathered(kept)
    for key, rule in sorted(rules.items()):
        mine = [word for word in words if word.rule == rule]
        for scope in _scopes(gathered.get(key, []), mine, edit=len(kept), now=now):
            said = [word.said for word in mine if _goes_for(word, scope)]
            life = life_of([each.sign for each in scope.evidence], said, edit=len(kept), now=now)
            if rule.trait == TOLD and life.state == "active" and not said:
                life = life._replace(state="candidate", since=None)
            if said or _worth_showing(life, scope):
                yield _preference(workspace, rule, scope, life, now)


def _gathered(kept: Sequence[KeptLesson]) -> dict[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = {}
    for number, lesson in enumerate(kept, 1):
        if lesson.overtaken:
            continue
        for seen in lesson.seen:
            sign = Sign(
                voice=seen.voice,
                decision_id=lesson.decision_id,
                proposal_id=lesson.proposal_id,
                piece=lesson.brief_id,
                at=lesson.at,
                edit=number,
            )
            place = (lesson.channel, language_of(lesson.locale), lesson.verb == "changes")
            found.setdefault(seen.rule.key, []).append(Evidence(sign, *place))
    return found


def _scopes(evidence: list[Evidence], words: Sequence[RuleWord], *, edit: int, now: datetime) -> Iterator[Scope]:
    """Yield the evidence in one, or apart by language, and by channel, where they say different things."""
    languages = {each.language for each in evidence}
    split = _differ([[e for e in evidence if e.language == each] for each in languages], edit, now)
    for language in sorted(languages) if split else [None]:
        mine = [each for each in evidence if language in (None, each.language)]
        channels = {each.channel for each in mine}
        apart = _differ([[e for e in mine if e.channel == each] for each in channels], edit, now)
        for channel in sorted(channels) if apart else [None]:
            yield Scope(channel, language, [each for each in mine if channel in (None, each.channel)])
    if not evidence:
        yield from (Scope(*place, []) for place in sorted({(w.channel, w.language) for w in words}, key=str))


def _differ(groups: Sequence[Sequence[Evidence]], edit: int, now: datetime) -> bool:
    """Say whether a rule is followed in one place while it is not in another, at the same time."""
    for con in groups:
        since = _against_since(con)
        if since and any(_is_followed(pro, since, edit, now) for pro in groups if pro is not con):
            return True
    return False


def _against_since(group: Sequence[Evidence]) -> datetime | None:
    """Return since when the edits of a group speak against a rule, at least the last two of them; else None."""
    streak: list[Evidence] = []
    for each in sorted(group, key=lambda each: (each.sign.at, each.sign.edit)):
        streak = [*streak, each] if each.sign.voice in ("against", "overruled") else []
    return streak[0].sign.at if len(streak) >= IN_A_ROW else None


def _is_followed(group: Sequence[Evidence], since: datetime, edit: int, now: datetime) -> bool:
    if not group:
        return False
    newest = max(group, key=lambda each: (each.sign.at, each.sign.edit)).sign
    if newest.voice not in ("for", "kept") or newest.at < since:
        return False
    return life_of([each.sign for each in group], edit=edit, now=now).state == "active"


def _goes_for(word: RuleWord, scope: Scope) -> bool:
    return word.channel in (None, scope.channel) and word.language in (None, scope.language)


def _worth_showing(life: Life, scope: Scope) -> bool:
    asked = any(each.asked for each in scope.evidence)
    return life.state != "candidate" or len(life.support) >= (1 if asked else SHOWN_FROM)


def _preference(workspace: str, rule: Rule, scope: Scope, life: Life, now: datetime) -> Preference:
    return Preference(
        id=id_of(workspace, rule, scope.channel, scope.language),
        workspace=workspace,
        trait=rule.trait,
        old=rule.old,
        new=rule.new,
        channel=scope.channel,
        language=scope.language,
        state=life.state,
        support=tuple(_support(life.support)),
        contradiction=round(life.contradiction, 3),
        valid_from=life.since,
        recorded_at=now,
    )


def _support(signs: Iterable[Sign]) -> Iterator[Support]:
    return (Support(decision_id=each.decision_id, proposal_id=each.proposal_id, at=each.at) for each in signs)
