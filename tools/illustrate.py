"""Give a draft its channel's renditions of the pictures that a person attached, before anybody approves it.

What is shown for approval is what goes out: the bytes of each rendition are kept by their hash, and frozen by it.
"""

from collections.abc import Sequence
from dataclasses import replace

from core.channels import Channel, channel
from core.drafts import Attached, Draft, Finding, Picture, Severity
from core.errors import BadInput, GreenroomError, Refused
from core.picture_words import PictureWords
from media.focus import Focus
from media.metadata import label_of, with_words
from media.pictures import Rendition, fit, focus_of
from memory.files import StoredFile
from tools.context import Context

LEFT_OUT, CUT, SAID_BY_A_MODEL, MADE = "picture_left_out", "picture_cut", "alt_by_a_model", "picture_made_by_a_model"
_OURS = frozenset((LEFT_OUT, CUT, SAID_BY_A_MODEL, MADE))
_LABEL = 8_000  # bytes: more than a label has, with the room that other programs may write in
_MADE = "{} was made by a model ({}), and its file says so. Say it in words too, where your readers expect that."
_LABELLED = ("image/jpeg", "image/png", "image/webp")
_ATTACHED = _OURS | frozenset(("too_many_images", "image_bytes", "alt_length", "missing_alt"))


def illustrate(context: Context, draft: Draft, originals: Sequence[Attached], *, as_given: bool = False) -> Draft:
    """Return the draft with these pictures, each as its channel takes it; findings say which stay out or are cut, why.

    A picture without alt text gets what was said of the same one before, by a person or by a model that saw it; not
    `as_given`: where a person says anew what goes with a draft.
    """
    place = channel(draft.channel)
    kept: list[Picture] = []
    found = [each for each in draft.findings if each.rule not in _OURS] + _too_many(place, originals)
    shape: float | None = None
    for original in originals[: _room(place, len(originals))]:
        said, by = (original, "") if as_given else _described(context, draft.workspace, original)
        wanted = shape or _wanted(place, original)
        try:
            picture, told = rendition(context, draft.workspace, place, said, wanted)
        except BadInput as error:
            found.append(_finding(LEFT_OUT, f"Left out for {place.label}: {error.message} {error.hint}"))
            continue
        kept.append(picture)
        found += told
        found += [_by_a_model(original.name, by)] if by else []
        if place.media.image_shape and place.media.image_shape.one_for_all:
            shape = shape or picture.width / picture.height
    content = draft.content.model_copy(update={"pictures": tuple(kept)})
    return draft.model_copy(update={"content": content, "findings": tuple(found)})


def rendition(
    context: Context, workspace: str, place: Channel, original: Attached, shape: float | None = None
) -> tuple[Picture, list[Finding]]:
    """Return a picture as a channel takes it, its bytes kept by their hash, and how it was cut or made.

    `shape`: its width by its height. Raises BadInput where it can't be had. Made once: a rendition's file says what it
    was made from and for which limits, and is used again while it is whole. That a model made it is kept in the file.
    """
    files = context.memory.files
    data = _bytes(context, workspace, original)
    made_by = label_of(data, original.mime)
    told = [_finding(MADE, _MADE.format(original.name, made_by.tool or "?"), "note")] if made_by.is_generated else []
    focus = None
    if shape and abs(original.width - original.height * shape) >= max(1.0, shape):
        focus = Focus(*original.focus, "given") if original.focus else focus_of(data, name=original.name)
        told.append(_finding(CUT, f"{original.name} is cut for {place.label} around {focus.said()}.", "note"))
    label = (
        f"{original.name} ({_limits(place)}{f', {shape:.3f} around {focus.x},{focus.y}' if focus and shape else ''})"
    )
    made_before = (each for each in files.list(workspace) if (each.made_from, each.name) == (original.sha256, label))
    stored = next((each for each in made_before if _is_whole(context, each)), None)
    if stored is None:
        made = _fitted(place, data, original.name, shape if focus else None, focus, made_by)
        if made.data == data:
            return _plain(original), told
        size = (made.width, made.height)
        stored = files.add(workspace, made.data, mime=made.mime, name=label, size=size, made_from=original.sha256)
    told_of_it = stored.model_dump(include={"sha256", "mime", "bytes", "width", "height"})
    return _plain(original).model_copy(update=told_of_it), told


def _fitted(
    place: Channel, data: bytes, name: str, shape: float | None, focus: Focus | None, label: PictureWords
) -> Rendition:
    rules = place.media
    room = _LABEL if label.is_generated else 0
    made = fit(
        data,
        most_bytes=rules.image_bytes.value - room if rules.image_bytes else None,
        most_side=rules.image_side.value if rules.image_side else None,
        formats=[f"image/{each}" for each in rules.formats],
        name=name,
        shape=shape,
        focus=focus,
    )
    if not label.is_generated or made.mime not in _LABELLED:
        return made
    return replace(made, data=with_words(made.data, made.mime, label, name=name))


def said_of_pictures(draft: Draft) -> tuple[Finding, ...]:
    """Return what was found when the draft got its pictures: as true of any rewording as of the draft."""
    return tuple(each for each in draft.findings if each.rule in _OURS)


def words_can_mend(finding: Finding) -> bool:
    """Say whether another wording could mend what was found; what is wrong with an attached picture stays wrong."""
    return finding.rule not in _ATTACHED or finding.span is not None


def _plain(original: Attached) -> Picture:
    return Picture.model_validate(original.model_dump(exclude={"focus"}))


def _described(context: Context, workspace: str, original: Attached) -> tuple[Attached, str]:
    """Return the picture with its alt text, and the model that said it, where one did."""
    if original.alt.strip():
        return original, ""
    try:
        stored = context.memory.files.get(workspace, original.sha256)
    except GreenroomError:
        return original, ""
    return original.model_copy(update={"alt": stored.alt}), (stored.alt_by or "") if stored.alt else ""


def _wanted(place: Channel, original: Attached) -> float | None:
    """Return the shape that a channel asks of a picture; None: it may stay as it is."""
    return place.media.image_shape.of(original.width, original.height) if place.media.image_shape else None


def _by_a_model(name: str, model: str) -> Finding:
    return _finding(SAID_BY_A_MODEL, f"The alt text of {name} is by {model}, which saw it: read it.", "note")


def _room(place: Channel, count: int) -> int:
    return min(count, place.media.images.value) if place.media.images else count


def _too_many(place: Channel, originals: Sequence[Picture]) -> list[Finding]:
    room = _room(place, len(originals))
    names = ", ".join(each.name for each in originals[room:])
    if not names:
        return []
    if not place.media.takes_images:
        message = f"{place.label}: pictures don't go with it yet, the words go alone. Left out: {names}."
        return [_finding(LEFT_OUT, message, "note")]
    return [_finding(LEFT_OUT, f"{place.label} takes at most {room} pictures. Left out: {names}.")]


def _finding(rule: str, message: str, severity: Severity = "warning") -> Finding:
    return Finding(rule=rule, severity=severity, message=message.strip())


def _limits(place: Channel) -> str:
    rules = place.media
    size = f"{rules.image_bytes.value:,} bytes, " if rules.image_bytes else ""
    side = f"{rules.image_side.value:,} pixels, " if rules.image_side else ""
    return f"{size}{side}{', '.join(rules.formats)}"


def _is_whole(context: Context, stored: StoredFile) -> bool:
    try:
        context.memory.files.read(stored.workspace, stored.sha256)
    except Refused:
        return False
    return True


def _bytes(context: Context, workspace: str, original: Picture) -> bytes:
    try:
        return context.memory.files.read(workspace, original.sha256)
    except GreenroomError:
        raise BadInput(f"the file of {original.name} is gone or was changed.", "Attach it again.") from None
