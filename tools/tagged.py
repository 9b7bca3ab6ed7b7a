"""All that is said of one text: by rules always, and by a model where one is set up, within the same vocabularies."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from core import content_warnings
from core.audience import audience_of
from core.errors import NeedsModel
from core.linked_names import links_of, names_of
from core.markdown_text import plain
from core.metadata import DESCRIPTION_MOST, TITLE_MOST, Metadata, metadata_of, unwrapped
from core.tagged import Tagged
from core.topics import Topic, Vocabulary, mediatopics
from models import ask
from models.tag_tasks import Listed, TagAnswer, TagRequest
from tools.context import Context
from tools.keyphrases import Keyphrase
from tools.tag import Tag, combined, own_tags, phrases
from tools.tag_answers import merged
from tools.topics import shortlist, topics
from tools.vocabulary import told_tags

if TYPE_CHECKING:
    from models import Meter

STAGE = "tag"
NO_MODEL = "No language model was asked: tags, topics and names are found by rules, titles are the text's own words."
CHOSEN_FROM = 40
"""Topics, and tags of the creator's, that a model is shown."""

_MOST_WORDS = 2500  # of a text that a model reads
_LIKE = 8  # past works whose links give a name its address


class Asked(NamedTuple):
    """A text to describe: its body in Markdown, and what its author says of it already."""

    text: str
    title: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


class _Read(NamedTuple):
    """A text as it was read: without marks, its language, the phrases and the creator's tags that fit."""

    body: str
    metadata: Metadata
    language: str
    phrases: list[Keyphrase]
    own: list[Tag]


def tagged(
    context: Context,
    workspace: str,
    asked: Asked,
    *,
    k: int = 10,
    vocabulary: Vocabulary | None = None,
    meter: "Meter | None" = None,
) -> Tagged:
    """Return what is said of a text. With a `meter`, a language model is asked too, where one may read this.

    What a model says outside the vocabularies is marked new or left out, and said so. Raises ModelFailed where it
    fails, OverBudget where it would cost too much.
    """
    chosen = vocabulary or mediatopics()
    read = _read(context, workspace, asked, k)
    found = _by_rules(context, workspace, asked, read, chosen, k)
    if meter is None or context.model.is_rehearsal:
        return found.model_copy(update={"notes": (*found.notes, NO_MODEL)})
    near = shortlist(context.memory.embedder, read.body, [each.text for each in read.phrases[:k]], chosen, CHOSEN_FROM)
    may_be_told = told_tags(context, workspace)
    read = read._replace(own=[each for each in read.own if may_be_told(each.tag)])
    try:
        answer = ask(context.model, "tag", _request(read, near, found, k), TagAnswer, meter=meter, stage=STAGE)
    except NeedsModel as error:
        return found.model_copy(update={"notes": (*found.notes, f"{error.message} {NO_MODEL}")})
    return merged(found, answer, read.body, own=read.own, allowed=near, vocabulary=chosen, model=meter.model, k=k)


def _read(context: Context, workspace: str, asked: Asked, k: int) -> _Read:
    body = plain(unwrapped(asked.text))
    metadata = metadata_of(asked.text, title=asked.title, summary=asked.summary)
    title, language = metadata.title, metadata.language or "en"
    whole = body if not title or title in body[: 2 * len(title)] else f"{title}\n\n{body}"
    own = own_tags(context, workspace, body, CHOSEN_FROM, title=title, authors=asked.authors)
    return _Read(body, metadata, language, phrases(context, workspace, whole, 2 * k, language=language), own)


def _by_rules(context: Context, workspace: str, asked: Asked, read: _Read, vocabulary: Vocabulary, k: int) -> Tagged:
    said = [each.text for each in read.phrases]
    found = topics(
        context.memory.embedder,
        read.body,
        title=read.metadata.title,
        phrases=said[:12],
        language=read.language.split("-", maxsplit=1)[0],
        vocabulary=vocabulary,
    )
    return Tagged(
        metadata=read.metadata,
        tags=tuple(combined(asked.tags, read.own[:k], read.phrases, k)),
        topics=tuple(found),
        names=names_of(read.body, _given(context, workspace, asked.text)),
        warnings=content_warnings.find(read.body),
        audience=audience_of(read.body, read.metadata.language),
        vocabulary=f"{vocabulary.scheme} {vocabulary.version}".strip(),
        warning_list=content_warnings.version(),
    )


def _given(context: Context, workspace: str, text: str) -> Sequence[Mapping[str, tuple[str, str]]]:
    """Return the links of the text itself, then those of the past works that are most like it."""
    query = " ".join(plain(text).split()[:120])
    like = context.memory.recall(workspace, query, k=_LIKE) if query else []
    works = (context.memory.works.get(workspace, each.work_id) for each in like)
    return [links_of(text, "this text"), *(links_of(work.body, work.id) for work in works)]


def _request(read: _Read, near: Sequence[Topic], found: Tagged, k: int) -> TagRequest:
    return TagRequest(
        vocabulary=tuple(each.tag for each in read.own),
        warnings=tuple(Listed(id=key, name=label) for key, label in content_warnings.labels().items()),
        most_tags=k,
        title_characters=TITLE_MOST,
        description_characters=DESCRIPTION_MOST,
        topics=tuple(Listed(id=each.id, name=each.named(read.language)) for each in near),
        language=read.language,
        title=found.metadata.title,
        text=" ".join(read.body.split(" ")[:_MOST_WORDS]),
    )
