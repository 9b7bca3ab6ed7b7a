"""Suggestions on a text, each a span that a person accepts or leaves: by rules, and by a model where one may help."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from core.assists import Quoted, Suggestion, Trust, apart, by_rules, place, trusted
from core.assists.brand_words import brand_places
from core.assists.learned import Held, learned_places
from core.assists.rules import long_sentences, readable
from core.assists.titles import own_titles, place_of_title, title_suggestion
from core.base import Noun
from core.drafts import Content
from core.errors import NeedsModel
from core.grounding import findings, language_of
from core.links import links_in
from core.metadata import TITLE_MOST
from models import ask
from models.assist_tasks import AssistAnswer, AssistRequest, Do
from prompts import version
from tools.brand import brand_rules
from tools.context import Context
from tools.material import voice_notes

if TYPE_CHECKING:
    from models import Meter

STAGE = "assist"
NO_MODEL = {
    "grammar": "No language model was asked: only slips that a rule finds for certain. Spelling and grammar need one.",
    "style": "No language model was asked: places are named, and you word them. Only your brand's words, and what your"
    " own rules say, are replaced.",
    "titles": "No language model was asked: titles are the text's own words.",
}
NEEDS = "Making a text {do} needs a language model, and none may be asked here."
HOW = {
    "shorter": "Name one (docs/models.md). Without one, a draft gets shorter by whole sentences: "
    "greenroom decide ID changes --sha SHA --note shorter",
    "clearer": "Name one (docs/models.md). Without one, long sentences and worn phrases are named: --do style",
}
_MOST_CHARACTERS = 24_000  # of a text that a model reads at once


class Assisted(Noun):
    """Suggestions in the text's order. `left_out`: what a model proposed that does not hold, and why."""

    do: Do
    suggestions: tuple[Suggestion, ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    model: str = ""  # which model was asked; empty: none
    prompt: str = ""  # the version of its prompt


def assist(
    context: Context,
    workspace: str,
    texts: Mapping[str, str],
    do: Do,
    *,
    locale: str,
    channel: str = "",
    meter: "Meter | None" = None,
) -> Assisted:
    """Return suggestions on a text's fields. Nothing is changed. Without a `meter` no model is asked.

    For a `channel` the rules of that channel count too; without one (a file) those that hold everywhere do.

    Raises NeedsModel for `shorter` and `clearer` where no model may be asked, ModelFailed where it fails, OverBudget
    where it would cost too much.
    """
    texts = {name: text for name, text in texts.items() if text.strip()}
    found = tuple(_by_rules(context, workspace, texts, do, locale, channel))
    if meter is None or context.model.is_rehearsal:
        return _without(do, found, "")
    try:
        answer = ask(context.model, "assist", _request(context, workspace, texts, do, locale), AssistAnswer,
                     meter=meter, stage=STAGE)  # fmt: skip
    except NeedsModel as error:
        return _without(do, found, error.message)
    facts = tuple(context.memory.facts.current(workspace))
    kept, left = _told(Trust(texts, do, locale, facts), answer, meter.model)
    notes = ("Only the beginning of the text was read: it is long.",) if _is_long(texts) else ()
    return Assisted(
        do=do, suggestions=_numbered(found, kept), left_out=left, notes=notes, model=meter.model, prompt=version(STAGE)
    )


def _without(do: Do, found: tuple[Suggestion, ...], why: str) -> Assisted:
    """Return what rules found, with what it lacks; raises NeedsModel where rules have nothing to say of the task."""
    if do in HOW:
        raise NeedsModel(" ".join(filter(None, (NEEDS.format(do=do), why))), HOW[do])
    return Assisted(do=do, suggestions=_numbered(found, ()), notes=(NO_MODEL[do],))


def _numbered(found: tuple[Suggestion, ...], kept: tuple[Suggestion, ...]) -> tuple[Suggestion, ...]:
    """Return both kinds as one list: what can be accepted goes before what is only named, rules before a model."""
    if found and found[0].rule == "title":
        return (*found, *kept)  # titles stand in one place, and one of them is chosen
    ready = [each for each in found if each.after is not None]
    named = [each for each in found if each.after is None]
    return apart((*ready, *kept, *named))


def _by_rules(
    context: Context, workspace: str, texts: Mapping[str, str], do: Do, locale: str, channel: str
) -> Iterator[Suggestion]:
    if do == "titles":
        there = place_of_title(texts)
        yield from (title_suggestion(there, title, why) for title, why in own_titles(texts) if title != there.before)
        return
    held = tuple(_held(context, workspace, channel, locale)) if do == "style" else ()
    for field, text in texts.items():
        if do == "grammar":
            yield from by_rules(text, locale, field=field)
        elif do == "style":
            yield from brand_places(context.memory.facts.current(workspace), field, text, locale)
            yield from learned_places(held, field, text, locale)
            yield from _generic(field, text)
            yield from long_sentences(text, field=field)


def _held(context: Context, workspace: str, channel: str, locale: str) -> Iterator[Held]:
    """Yield the rules that a person's edits taught and that hold there."""
    zone = context.memory.workspaces.get(workspace).timezone
    for each in context.memory.preferences.active(workspace, channel, locale):
        yield Held(each.rule, f"A rule of yours: {each.says}, {each.because(zone)}.")


def _generic(field: str, text: str) -> Iterator[Suggestion]:
    """Yield what reads generic: a word that only joins is cut, the others are named."""
    from memory.generic.places import places

    for finding in places(readable(text)):
        start, end = finding.span or (0, 0)
        after = None
        following = text[end:].lstrip(" ")
        if finding.rule == "generic_connective" and text[start:end].endswith(",") and following[:1].isalpha():
            end = len(text) - len(following) + 1
            after = following[0].upper() if text[start].isupper() else following[0]
        yield place(text, (start, end), after, rule=finding.rule, why=finding.message, field=field)


def _told(trust: Trust, answer: AssistAnswer, model: str) -> tuple[tuple[Suggestion, ...], tuple[str, ...]]:
    if trust.do == "titles":
        return _titles(trust, answer, model)
    edits = [
        Quoted(each.quote, each.instead, rule=each.rule.strip() or trust.do, why=each.why, field=each.field)
        for each in answer.edits
    ]
    return trusted(trust, edits, by=model)


def _titles(trust: Trust, answer: AssistAnswer, model: str) -> tuple[tuple[Suggestion, ...], tuple[str, ...]]:
    """Return the titles that fit and claim nothing of their own."""
    there, own = place_of_title(trust.texts), {title for title, _ in own_titles(trust.texts)}
    kept, left = [], []
    for title in dict.fromkeys(" ".join(each.split()) for each in answer.titles):
        problem = _problem(trust, title)
        if problem:
            left.append(f"The title “{title[:60]}” was left out: {problem}")
        elif title not in own | {there.before}:
            kept.append(title_suggestion(there, title, f"{len(title)} characters", by=model))
    return tuple(kept), tuple(left)


def _problem(trust: Trust, title: str) -> str:
    if not title:
        return "it is empty."
    if len(title) > TITLE_MOST:
        return f"it has {len(title)} characters, {TITLE_MOST} are shown."
    sources, whole = list(trust.texts.values()), "\n".join(trust.texts.values())
    links = links_in(whole)
    if any(link not in links for link in links_in(title)):
        return "it brings a link."
    wrong = [
        each
        for each in findings(Content(text=title), sources, links, language_of(whole, trust.locale))
        if each.severity != "note"
    ]
    return wrong[0].message if wrong else trust.broken(title)


def _request(context: Context, workspace: str, texts: Mapping[str, str], do: Do, locale: str) -> AssistRequest:
    whole = "\n".join(texts.values())
    facts = context.memory.facts.current(workspace)
    return AssistRequest(
        keep=tuple(each.term for each in facts if each.kind == "keep" and each.applies_in(locale)),
        brand=brand_rules(context, workspace, locale),
        voice=voice_notes(context, workspace).summary if do in ("style", "clearer") else (),
        title_characters=TITLE_MOST,
        do=do,
        language=language_of(whole, locale),
        fields={name: text[:_MOST_CHARACTERS] for name, text in texts.items()},
    )


def _is_long(texts: Mapping[str, str]) -> bool:
    return any(len(text) > _MOST_CHARACTERS for text in texts.values())
