"""Give a draft its channel's renditions of the pictures that a person attached, before anybody approves it."""

from collections.abc import Sequence

from core.channels import Channel, channel
from core.drafts import Draft, Finding, Picture, Severity
from core.errors import BadInput, GreenroomError, Refused
from media.pictures import fit
from memory.files import StoredFile
from tools.context import Context

LEFT_OUT = "picture_left_out"
_ATTACHED = frozenset((LEFT_OUT, "too_many_images", "image_bytes", "alt_length", "missing_alt"))


def illustrate(context: Context, draft: Draft, originals: Sequence[Picture]) -> Draft:
    """Return the draft with these pictures, each as its channel takes it; a finding says which stay out, and why."""
    place = channel(draft.channel)
    kept: list[Picture] = []
    found = [each for each in draft.findings if each.rule != LEFT_OUT] + _too_many(place, originals)
    for original in originals[: _room(place, len(originals))]:
        try:
            kept.append(rendition(context, draft.workspace, place, original))
        except BadInput as error:
            found.append(_left_out(f"Left out for {place.label}: {error.message} {error.hint}"))
    content = draft.content.model_copy(update={"pictures": tuple(kept)})
    return draft.model_copy(update={"content": content, "findings": tuple(found)})


def rendition(context: Context, workspace: str, place: Channel, original: Picture) -> Picture:
    """Return a picture as a channel takes it, its bytes kept by their hash. Raises BadInput where it can't be had.

    Made once: a rendition's file says what it was made from and for which limits, and is used again while it is whole.
    """
    files, label = context.memory.files, f"{original.name} ({_limits(place)})"
    made_before = (each for each in files.list(workspace) if (each.made_from, each.name) == (original.sha256, label))
    stored = next((each for each in made_before if _is_whole(context, each)), None)
    if stored is None:
        rules = place.media
        made = fit(
            _bytes(context, workspace, original),
            most_bytes=rules.image_bytes.value if rules.image_bytes else None,
            most_side=rules.image_side.value if rules.image_side else None,
            formats=[f"image/{each}" for each in rules.formats],
            name=original.name,
        )
        if not made.changed:
            return original
        size = (made.width, made.height)
        stored = files.add(workspace, made.data, mime=made.mime, name=label, size=size, made_from=original.sha256)
    return original.model_copy(update=stored.model_dump(include={"sha256", "mime", "bytes", "width", "height"}))


def said_of_pictures(draft: Draft) -> tuple[Finding, ...]:
    """Return what was found when the draft got its pictures: as true of any rewording as of the draft."""
    return tuple(each for each in draft.findings if each.rule == LEFT_OUT)


def words_can_mend(finding: Finding) -> bool:
    """Say whether another wording could mend what was found; what is wrong with an attached picture stays wrong."""
    return finding.rule not in _ATTACHED or finding.span is not None


def _room(place: Channel, count: int) -> int:
    return min(count, place.media.images.value) if place.media.images else count


def _too_many(place: Channel, originals: Sequence[Picture]) -> list[Finding]:
    room = _room(place, len(originals))
    names = ", ".join(each.name for each in originals[room:])
    if not names:
        return []
    if not place.media.takes_images:
        return [
            _left_out(f"{place.label}: pictures don't go with it yet, the words go alone. Left out: {names}.", "note")
        ]
    return [_left_out(f"{place.label} takes at most {room} pictures. Left out: {names}.")]


def _left_out(message: str, severity: Severity = "warning") -> Finding:
    return Finding(rule=LEFT_OUT, severity=severity, message=message.strip())


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
