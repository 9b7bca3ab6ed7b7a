"""Mends drafts by rule: the wishes of `wishes.yaml`, and the findings that a rule can mend."""

from collections.abc import Callable

from core.channels import channel as rules_of
from core.counting import fits
from models.rehearsal import mending
from models.rehearsal.drafting import kit_for
from models.rehearsal.material import Extract
from models.rehearsal.shapes.kit import Kit
from models.rehearsal.statement import shortened
from models.rehearsal.vectors import Vectors
from models.rehearsal.wishes import Edit, read_wish
from models.tasks import DraftAnswer, DraftRequest, DraftToRevise, Flaw, Line, ReviseAnswer, RevisedDraft, ReviseRequest

MUCH_SHORTER = 0.75  # of the length, where a person asks for it
_UNCARRIED = ("invented", "unsupported", "ungrounded")
STEPS = 40  # of shortening; more than any draft has sentences


def revise(request: ReviseRequest, vectors: Vectors) -> ReviseAnswer:
    """Return each draft mended; NeedsModel where a wish is not one of those it knows (nothing is half done)."""
    edits = [read_wish(draft.wish) for draft in request.drafts]
    return ReviseAnswer(
        drafts=tuple(_mended(request, draft, todo, vectors) for draft, todo in zip(request.drafts, edits, strict=True))
    )


def _mended(request: ReviseRequest, draft: DraftToRevise, edits: list[Edit], vectors: Vectors) -> RevisedDraft:
    shared = request.model_dump(exclude={"drafts"})
    kit = kit_for(DraftRequest(**shared, channel=draft.channel, limits=draft.limits), vectors)
    content = draft.content
    for flaw in draft.findings:
        content = _mend(content, flaw, kit)
    for edit in edits:
        content = EDITS[edit.wish](content, edit, kit)
    if not fits(kit.channel, content.text):
        content = _with(content, text=_until(content.text, lambda text: fits(kit.channel, text)))
    return RevisedDraft(**{**content.model_dump(), "receipts": _receipts(content, kit)}, draft_id=draft.draft_id)


def _mend(content: DraftAnswer, flaw: Flaw, kit: Kit) -> DraftAnswer:
    if flaw.field != "text":
        return _mend_field(content, flaw, kit)
    if "length" in flaw.rule or "too_long" in flaw.rule:
        return _with(content, text=_until(content.text, lambda text: fits(kit.channel, text)))
    if "hashtag" in flaw.rule:
        return _with(content, text=mending.without_hashtags(content.text, keep=rules_of(kit.channel).hashtags.usual))
    return _mend_words(content, flaw, kit)


def _mend_words(content: DraftAnswer, flaw: Flaw, kit: Kit) -> DraftAnswer:
    words = flaw.text.strip()
    if words and flaw.rule == "banned_word":
        return _other_passage(content, words, kit)
    if words and "repeat" in flaw.rule:
        return _other_sentence(content, words, kit)
    if words and flaw.rule.startswith(_UNCARRIED) and not _dates_a_work(words, kit):
        return _with(content, text=mending.without_sentences(content.text, lambda sentence: words in sentence))
    return content  # voice and style: nothing here that a rule could mend


def _dates_a_work(words: str, kit: Kit) -> bool:
    """Say whether the words are the date of a past piece that may be quoted: known, though no text says it."""
    return any(words in (kit.words.when(work.published_at) or "") for work in kit.works)


def _mend_field(content: DraftAnswer, flaw: Flaw, kit: Kit) -> DraftAnswer:
    value = getattr(content, flaw.field, None)
    if not isinstance(value, str):
        return content
    if "length" in flaw.rule or "too_long" in flaw.rule:
        limits = [limit.value for limit in rules_of(kit.channel).limits_of(flaw.field)]
        return _with(content, **{flaw.field: shortened(value, min(limits, default=60))})
    if flaw.rule.startswith(_UNCARRIED):
        return _with(content, **{flaw.field: kit.statement.title(60) if flaw.field in {"title", "subject"} else ""})
    return content


def _other_sentence(content: DraftAnswer, words: str, kit: Kit) -> DraftAnswer:
    """Say something else instead of what repeats a past piece, unless it says that it is a quote."""
    if f"“{words}" in content.text or f"> {words}" in content.text:
        return content
    extract = _unused(content.text, kit)
    text = mending.without_sentences(content.text, lambda sentence: words in sentence or sentence in words)
    return _with(content, text=mending.before_tail(text, kit.told(extract).text) if extract else text)


def _other_passage(content: DraftAnswer, words: str, kit: Kit) -> DraftAnswer:
    """Put another passage in the place of one with words that are not said here; what the brief announces stays."""
    if words.casefold() in f"{kit.statement.about}".casefold():
        return content
    parts = mending.paragraphs(content.text)
    place = next((at for at, part in enumerate(parts) if words in part), len(parts))
    kept = [part for part in parts if words not in part]
    extracts = (*kit.material.source, *kit.material.past)
    others = (
        each for each in extracts if each.text not in content.text and words.casefold() not in each.text.casefold()
    )
    other = next(others, None)
    instead = [kit.told(other, kind="after" if place == 0 else "").text] if other else []
    return _with(content, text="\n\n".join([*kept[:place], *instead, *kept[place:]]))


def _other_hook(content: DraftAnswer, _: Edit, kit: Kit) -> DraftAnswer:
    first, *rest = mending.paragraphs(content.text)
    choices = [each for turn in range(len(kit.statement.lines)) if (each := kit.at(turn).opening())]
    hooks = [choice.text for choice in choices if choice.text not in content.text]
    extract = _unused(content.text, kit)
    said = kit.statement.about.lower() in first.lower() if kit.statement.about else False
    if said and hooks and kit.statement.lines:
        return _with(content, text="\n\n".join([hooks[0], *rest]))
    if extract:
        return _with(content, text="\n\n".join([kit.told(extract).text, *([first] if said else []), *rest]))
    return _with(content, text="\n\n".join([*rest, first])) if len(rest) == 1 else content


def _other_quote(content: DraftAnswer, _: Edit, kit: Kit) -> DraftAnswer:
    used = [each for each in (*kit.material.source, *kit.material.past) if each.text in content.text]
    extract = _unused(content.text, kit)
    if not used or extract is None:
        return content
    parts = mending.paragraphs(content.text)
    place = next(at for at, part in enumerate(parts) if used[0].text in part)
    parts[place] = f"> {extract.text}" if parts[place].startswith(">") else kit.told(extract).text
    return _with(content, text="\n\n".join(parts))


def _unused(text: str, kit: Kit) -> Extract | None:
    return next((each for each in (*kit.material.source, *kit.material.past) if each.text not in text), None)


def _add_link(content: DraftAnswer, _: Edit, kit: Kit) -> DraftAnswer:
    quoted = next((each for each in kit.material.past if each.text in content.text), None)
    link = kit.link(quoted)
    return content if not link or link in content.text else _with(content, text=f"{content.text}\n\n{link}")


def _add_hashtags(content: DraftAnswer, _: Edit, kit: Kit) -> DraftAnswer:
    tags = [tag for tag in kit.tags(5).split() if tag not in content.text]
    return _with(content, text=f"{content.text}\n\n{' '.join(tags)}") if tags else content


def _shorter(content: DraftAnswer, _edit: Edit, _kit: Kit) -> DraftAnswer:
    goal = len(content.text) * MUCH_SHORTER
    return _with(content, text=_until(content.text, lambda text: len(text) <= goal))


def _until(text: str, good: Callable[[str], bool]) -> str:
    for _ in range(STEPS):
        if good(text):
            break
        less = mending.shorter(text)
        if less == text:
            break
        text = less
    return text


def _with(content: DraftAnswer, **fields: str) -> DraftAnswer:
    """Return the draft with fields changed; a text is never emptied."""
    if "text" in fields and not fields["text"].strip():
        return content
    return content.model_copy(update=fields)


def _receipts(content: DraftAnswer, kit: Kit) -> tuple[Line, ...]:
    """Return the receipts of what stands in the text now."""
    extracts = {each.text: each for first in (*kit.material.source, *kit.material.past) for each in first.run(100)}
    lines = [each.line() for each in extracts.values() if each.text in content.text]
    opening = next((part for part in mending.paragraphs(content.text) if kit.says_the_ask(part)), None)
    if opening:
        about = kit.statement.about.strip("“”")
        lines.insert(0, Line(line=opening, quote=about, origin=kit.statement.origin))
    return tuple(lines)


EDITS: dict[str, Callable[[DraftAnswer, Edit, Kit], DraftAnswer]] = {
    "replace": lambda content, edit, _: _with(content, text=mending.replaced(content.text, edit.old, edit.new)),
    "add": lambda content, edit, _: _with(content, text=mending.before_tail(content.text, edit.words)),
    "drop": lambda content, edit, _: _with(
        content, text=mending.without_sentences(content.text, lambda each: edit.words.lower() in each.lower())
    ),
    "drop_last": lambda content, _edit, _kit: _with(content, text=mending.shorter(content.text)),
    "no_emoji": lambda content, _edit, _kit: _with(content, text=mending.without_emoji(content.text)),
    "no_hashtags": lambda content, _edit, _kit: _with(content, text=mending.without_hashtags(content.text)),
    "hashtags": _add_hashtags,
    "no_link": lambda content, _edit, _kit: _with(content, text=mending.without_links(content.text)),
    "link": _add_link,
    "hook": _other_hook,
    "quote": _other_quote,
    "shorter": _shorter,
}
