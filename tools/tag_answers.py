"""What a model said of a text, held against the vocabularies and the text itself; what does not hold is left out."""

from collections.abc import Iterator, Sequence

from core import content_warnings
from core.drafts import Content
from core.grounding import findings
from core.links import links_in
from core.metadata import DESCRIPTION_MOST, TITLE_MOST, Metadata, slug_from
from core.tagged import Audience, SaidTag, SaidTopic, SaidWarning, Tagged
from core.topics import Topic, Vocabulary
from models.tag_tasks import TagAnswer
from tools.keyphrases import stems

MOST_NEW, MOST_TOPICS = 5, 3
_MOST_WORDS_OF_A_TAG = 5
_MOST_AUDIENCE = 80


def merged(
    found: Tagged,
    answer: TagAnswer,
    body: str,
    *,
    own: Sequence[SaidTag],
    allowed: Sequence[Topic],
    vocabulary: Vocabulary,
    model: str,
    k: int,
) -> Tagged:
    """Return what rules found, with what a model said over it where that holds; `notes` say what does not."""
    notes: list[str] = []
    metadata = _metadata(found.metadata, answer, body, notes)
    return found.model_copy(
        update={
            "metadata": metadata,
            "tags": tuple(_tags(found, answer, own, model, k)),
            "topics": _topics(found, answer, allowed, vocabulary, model, notes),
            "warnings": _warnings(found, answer, body, model, notes),
            "audience": _audience(found.audience, answer, body, model),
            "model": model,
            "notes": (*found.notes, *notes),
        }
    )


def _tags(found: Tagged, answer: TagAnswer, own: Sequence[SaidTag], model: str, k: int) -> list[SaidTag]:
    """Return the tags: those that stand there, the creator's own that it chose, its new ones, then what rules found."""
    known = {each.tag.casefold(): each for each in own}
    kept = [each for each in found.tags if each.source == "there"]
    chosen = [known[low] for low in dict.fromkeys(map(_low, answer.tags)) if low in known]
    mine = [each.model_copy(update={"why": f"your tag, by {model}"}) for each in chosen]
    outside = [each for each in (*answer.tags, *answer.new_tags) if _low(each) not in known]
    new = [SaidTag(tag=each, source="new", why=f"new, by {model}") for each in _usable(outside)]
    rest = [each for each in found.tags if each.source == "keyphrase"]
    once: dict[str, SaidTag] = {}
    for each in (*kept, *mine, *new[:MOST_NEW], *rest):
        once.setdefault(stems(each.tag), each)
    return list(once.values())[: max(k, len(kept))]


def _usable(tags: Sequence[str]) -> Iterator[str]:
    for each in tags:
        words = each.strip().lstrip("#").split()
        if 0 < len(words) <= _MOST_WORDS_OF_A_TAG and any(word.isalnum() for word in words):
            yield " ".join(words)


def _topics(
    found: Tagged, answer: TagAnswer, allowed: Sequence[Topic], vocabulary: Vocabulary, model: str, notes: list[str]
) -> tuple[SaidTopic, ...]:
    """Return the topics that it chose: likely where rules found them too; none from outside what it was shown."""
    by_rules = {each.id: each for each in found.topics}
    shown = {each.id: each for each in allowed}
    chosen: dict[str, SaidTopic] = {}
    for topic_id in dict.fromkeys(each.strip() for each in answer.topics):
        if topic_id not in shown:
            notes.append(f"The model named {topic_id[:60]!r}, which is no topic that it was shown: left out.")
        elif len(chosen) < MOST_TOPICS:
            chosen[topic_id] = _chosen(topic_id, by_rules, vocabulary, found.metadata.language or "en", model)
    rest = [each for each in found.topics if each.id not in chosen and each.certainty == "likely"]
    return (*chosen.values(), *rest)


def _chosen(
    topic_id: str, by_rules: dict[str, SaidTopic], vocabulary: Vocabulary, language: str, model: str
) -> SaidTopic:
    if topic_id in by_rules:
        said = by_rules[topic_id]
        return said.model_copy(update={"certainty": "likely", "why": f"{said.why}, and by {model}"})
    path = vocabulary.path(topic_id)
    names = tuple(each.named(language) for each in path)
    return SaidTopic(id=topic_id, name=names[-1], path=names, certainty="perhaps", why=f"by {model}")


def _metadata(said: Metadata, answer: TagAnswer, body: str, notes: list[str]) -> Metadata:
    """Return the metadata with the model's title and description where they fit and claim nothing of their own."""
    title, description = _line(answer.seo_title), _line(answer.description)
    sources, links = [f"{said.title}\n{body}"], links_in(body)
    update: dict[str, str] = {}
    for field, text, most in (("seo_title", title, TITLE_MOST), ("description", description, DESCRIPTION_MOST)):
        problem = _problem(text, most, sources, links, said.language or "en")
        if not text:
            continue
        if problem:
            notes.append(f"The model's {field} was left out: {problem}")
        else:
            update[field] = text
    slug = slug_from(answer.slug.replace("/", " "))
    if slug and set(slug.split("-")) <= set(slug_from(f"{said.title} {title}").split("-")):
        update["slug"] = slug
    return said.model_copy(update=update)


def _problem(text: str, most: int, sources: list[str], links: Sequence[str], language: str) -> str:
    if len(text) > most:
        return f"it has {len(text)} characters, {most} are shown."
    wrong = [each for each in findings(Content(text=text), sources, links, language) if each.severity != "note"]
    return wrong[0].message if wrong else ""


def _warnings(found: Tagged, answer: TagAnswer, body: str, model: str, notes: list[str]) -> tuple[SaidWarning, ...]:
    labels = content_warnings.labels()
    more: dict[str, SaidWarning] = {each.id: each for each in found.warnings}
    for said in answer.warnings:
        quote = said.quote.strip()
        start = body.find(quote) if quote else -1
        if said.id not in labels or start < 0:
            notes.append(f"The model's warning {said.id[:40]!r} was left out: its words do not stand in the text.")
        elif said.id not in more:
            words, span = (f"{quote} (by {model})",), (start, start + len(quote))
            more[said.id] = SaidWarning(id=said.id, label=labels[said.id], words=words, spans=(span,))
    return tuple(more.values())


def _audience(said: Audience, answer: TagAnswer, body: str, model: str) -> Audience:
    text = _line(answer.audience)
    if not text or len(text) > _MOST_AUDIENCE or findings(Content(text=text), [body], ()):
        return said
    why = "; ".join(each for each in (said.why, f"“{text}” by {model}") if each)
    return said.model_copy(update={"named": (*said.named, text), "why": why})


def _line(text: str) -> str:
    return " ".join(text.split())


def _low(tag: str) -> str:
    return tag.strip().lstrip("#").casefold()
