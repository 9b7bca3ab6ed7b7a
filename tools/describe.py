"""Say what a picture shows: by a model that sees it, else by what its file says. Nothing is ever made up.

Words that stand there already are a person's, and stay. A person reads all others before they are written anywhere.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from core.briefs import Brief
from core.channels import channel
from core.drafts import Content
from core.errors import BadInput, ModelFailed, Refused
from core.grounding import findings
from core.photos import THERE, Described
from core.picture_words import PictureWords
from media.metadata import Said, read_said
from media.pictures import fit
from models import ask
from models.picture_tasks import PictureAnswer, PictureRequest
from models.pictures import VISION, can
from tools.context import Context
from tools.vocabulary import names, withheld

if TYPE_CHECKING:
    from models import Meter

NOTHING = PictureWords()
STAGE = "picture"
VOCABULARY = 80  # of the creator's tags: as many as a model is shown
SEEN_SIDE, SEEN_BYTES = 1024, 600_000  # pixels and bytes of what a model is shown
NOT_SEEN = "No model that sees pictures is set up or was asked: nothing is said of what is shown. Write it yourself."
FROM_NAME, FROM_CAPTION = "from the file's name", "the caption that stands there: check that it says what is seen"

SUGGESTED = 5
_ALIKE = 0.3  # the cosine with a past work from which its tags may fit
_ENOUGH_WORDS = 3

_CAMERA = re.compile(r"(?:img|dsc|dscn|dscf|pxl|mvimg|p|_dsc|dji|gopr|screenshot|image|photo|wa)?[-_ \d()a-f.]*", re.I)
_WORD = re.compile(r"[^\W\d_]{2,}")


def vocabulary(context: Context, workspace: str) -> tuple[str, ...]:
    """Return the creator's own tags, the most used first; of works whose consent stands.

    Where a hosted model may be shown them, private works give none.
    """
    kept_out = withheld(context, workspace)
    counts: dict[str, int] = {}
    for work in context.memory.works.list(workspace):
        if work.id not in kept_out:
            for tag in work.tags:
                counts[tag] = counts.get(tag, 0) + 1
    return tuple(sorted(counts, key=lambda tag: (-counts[tag], tag)))


def describe(
    context: Context,
    data: bytes,
    *,
    name: str,
    beside: PictureWords = NOTHING,
    tags: Sequence[str] = (),
    locale: str = "en",
    meter: "Meter | None" = None,
    workspace: str = "",
) -> Described:
    """Return what may be said of a picture, each field with where it comes from.

    `name` is its path in its folder, `beside` what its sidecar says, `tags` the creator's vocabulary; `workspace`: tags
    of its works that are like the words are suggested. With a `meter`
    whose errand an endpoint with vision can take, that model looks at a small copy without metadata. Raises BadInput
    for what is no picture, ModelFailed where the model fails.
    """
    said = read_said(data, name=name)
    there = beside.over(said.words)
    if meter is not None and can(context.model, meter, VISION, STAGE):
        needing = meter.needing(VISION)
        request = _request(name, there, said, tags, locale)
        seen = fit(data, most_bytes=SEEN_BYTES, most_side=SEEN_SIDE, formats=["image/jpeg"], name=name).data
        answer = ask(context.model, "picture", request, PictureAnswer, meter=needing, stage=STAGE, pictures=[seen])
        return _seen(answer, there, said, name, tags, needing.model)
    known = _known(there, said, name, tags)
    return known.model_copy(update={"suggested": _like(context, workspace, known.words)}) if workspace else known


def describe_attached(context: Context, brief: Brief) -> list[str]:
    """Let a model that sees say what the brief's pictures show, where nobody has; return what went wrong, in words.

    Without such a model nothing happens: then the checks ask a person for the alt text. What is said is kept with the
    file, and marked as a model's.
    """
    files, meter = context.memory.files, context.meter(brief)
    bare = [each for each in brief.pictures if not each.alt.strip() and not files.get(brief.workspace, each.sha256).alt]
    shown = any(channel(name).media.takes_images for name in brief.channels)
    if not bare or not shown or not can(context.model, meter, VISION, STAGE):
        return []
    tags, told = vocabulary(context, brief.workspace), []
    for each in bare:
        try:
            data = files.read(brief.workspace, each.sha256)
            found = describe(context, data, name=each.name, tags=tags, locale=brief.locales[0], meter=meter)
        except (ModelFailed, Refused, BadInput) as error:
            told.append(f"No alt text for {each.name}: {error.message}")
            continue
        if found.words.alt:
            files.describe(brief.workspace, each.sha256, found.words.alt, by=found.model)
    return told


def _request(name: str, there: PictureWords, said: Said, tags: Sequence[str], locale: str) -> PictureRequest:
    return PictureRequest(
        file=name,
        title=there.title,
        caption=there.description,
        keywords=there.keywords,
        taken=f"{said.shot.taken_at:%Y-%m-%d}" if said.shot.taken_at else "",
        vocabulary=tuple(tags[:VOCABULARY]),
        locale=locale,
    )


def _known(there: PictureWords, said: Said, name: str, tags: Sequence[str]) -> Described:
    """Return what the file, its name and the creator's own tags say."""
    why = _standing(there)
    new: dict[str, object] = {}
    if not there.title and (title := title_from(name)):
        new["title"], why["title"] = title, FROM_NAME
    if not there.alt and there.description:
        new["alt"], why["alt"] = there.description[:1000], FROM_CAPTION
    words = there.model_copy(update=new)
    words, why = _tagged(words, why, named_tags(tags, words, name), "your tag, named there")
    notes = (*said.notes, *_facts(said), *(() if words.alt else (NOT_SEEN,)))
    return Described(words=words, why=why, notes=notes)


def _like(context: Context, workspace: str, words: PictureWords) -> tuple[str, ...]:
    """Return tags of past works that are like a picture's words, and are not among its own."""
    text = "\n".join(filter(None, (words.title, words.description, words.alt, ", ".join(words.keywords))))
    if len(_WORD.findall(text)) < _ENOUGH_WORDS:
        return ()
    has = {each.casefold() for each in words.keywords}
    found = context.memory.own_tags(workspace, text, title=words.title, k=SUGGESTED + len(has))
    return tuple(each.tag for each in found if each.like >= _ALIKE and each.tag.casefold() not in has)[:SUGGESTED]


def _facts(said: Said) -> Iterable[str]:
    """Yield what the camera wrote: material for the person who writes the words, and a warning of what would tell."""
    shot = said.shot
    taken = f"taken {shot.taken_at:%Y-%m-%d %H:%M}" if shot.taken_at else ""
    camera = f"with a {shot.camera}" if shot.camera else ""
    place = f"at {shot.place[0]:.4f}, {shot.place[1]:.4f}" if shot.place else ""
    if told := " ".join(filter(None, (taken, camera, place))):
        yield f"The file says: {told}."


def _seen(
    answer: PictureAnswer, there: PictureWords, said: Said, name: str, tags: Sequence[str], model: str
) -> Described:
    """Return what a model saw, where nothing stands yet; its keywords of the creator's own and its new ones apart."""
    why = _standing(there)
    new: dict[str, object] = {}
    for field, value in (("alt", answer.alt), ("description", answer.caption), ("title", answer.title)):
        if value.strip() and not getattr(there, field):
            new[field], why[field] = value.strip(), f"by {model}, which saw it"
    words = there.model_copy(update=new)
    own = {tag.casefold(): tag for tag in tags}
    given = [each.strip() for each in answer.keywords if each.strip()]
    yours = [own[each.casefold()] for each in given if each.casefold() in own]
    words, why = _tagged(words, why, named_tags(tags, there, name), "your tag, named there")
    words, why = _tagged(words, why, yours, f"your tag, by {model}")
    words, why = _tagged(words, why, [each for each in given if each.casefold() not in own], f"new, by {model}")
    return Described(
        words=words,
        why=why,
        notes=(*said.notes, *_facts(said), *_doubts(answer, words, there, name, tags)),
        model=model,
    )


def _doubts(
    answer: PictureAnswer, words: PictureWords, there: PictureWords, name: str, tags: Sequence[str]
) -> Iterable[str]:
    """Yield what a person should look at: names that come from nowhere, what the model could not tell."""
    known = [name, there.title, there.description, *there.keywords, *tags, answer.text_in_picture]
    said = Content(text="\n".join((words.alt, words.description, words.title)))
    for finding in findings(said, known, ()):
        if finding.rule in ("invented_name", "invented_link"):
            yield f"Check: {finding.message}"
    if answer.unsure.strip():
        yield f"The model was not sure: {answer.unsure.strip()}"
    if not words.alt:
        yield "The model said nothing of what it shows. Write the alt text yourself."


def _standing(there: PictureWords) -> dict[str, str]:
    return {field: THERE for field, value in there if value}


def _tagged(
    words: PictureWords, why: Mapping[str, str], tags: Iterable[str], reason: str
) -> tuple[PictureWords, dict[str, str]]:
    """Add tags that are not there; each keyword has a reason of its own, by `keyword:…`."""
    has = {each.casefold() for each in words.keywords}
    new = [each for each in dict.fromkeys(tags) if each.casefold() not in has]
    reasons = {f"keyword:{each}": reason for each in new}
    return words.model_copy(update={"keywords": (*words.keywords, *new)}), {**why, **reasons}


def named_tags(tags: Sequence[str], words: PictureWords, name: str) -> list[str]:
    """Return the creator's tags that a picture's words, or its path, name."""
    text = "\n".join((words.title, words.description, words.alt, _as_words(name)))
    return [tag for tag in tags if names(text, tag)]


def title_from(name: str) -> str:
    """Return a title by a file's name, where that is words and no camera's number."""
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if _CAMERA.fullmatch(stem) or len(_WORD.findall(stem)) < 2:
        return ""
    title = re.sub(r"^[\d\s]+|[\d\s]+$", "", _as_words(stem)).strip()
    return title[:1].upper() + title[1:120]


def _as_words(name: str) -> str:
    return " ".join(re.sub(r"\.[A-Za-z]{3,4}$", "", name).replace("/", " ").replace("_", " ").replace("-", " ").split())
