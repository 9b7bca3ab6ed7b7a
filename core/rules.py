"""What a channel's rules find in a draft, before anybody approves it."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import regex

from core import counting, hashtags, links, slips
from core.channels import Channel, Limit, channel
from core.drafts import Content, Finding, Severity

_IMAGE = regex.compile(r"!\[(?P<alt>[^\]]*)\]\([^)]*\)|<img\b(?P<attributes>[^>]*)>", regex.IGNORECASE)
_ALT = regex.compile(r"""\balt\s*=\s*(?:"\s*[^"\s][^"]*"|'\s*[^'\s][^']*')""", regex.IGNORECASE)
_HEADING = regex.compile(r"\s*#{1,2}\s+\S")


def findings(where: str | Channel, content: Content, *, alts: Sequence[str] | None = None) -> tuple[Finding, ...]:
    """Return what the channel's rules, and a careful reader, find in `content`; errors come first.

    `alts` are the alt texts of the attached images, one each (empty where one is missing); None: nothing attached.
    """
    place = where if isinstance(where, Channel) else channel(where)
    found = [finding for check in _CHECKS for finding in check(place, content)]
    found += _media(place, alts or ())
    found += slips.findings(content, place.fields, markdown=place.markdown)
    order: tuple[Severity, ...] = ("error", "warning", "note")
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def _lengths(place: Channel, content: Content) -> Iterator[Finding]:
    for limit in place.limits:
        text = getattr(content, limit.field)
        length = counting.measure(limit, text)
        if length.over:
            yield _too_long(place, limit, text, length)


def _too_long(place: Channel, limit: Limit, text: str, length: counting.Length) -> Finding:
    name = "It" if limit.field == "text" else f"The {limit.field}"
    said = f"{name} has {length.used:,} {length.unit}; "
    if limit.ours:
        message = said + f"about {limit.value:,} are shown, so the end may be cut off."
    else:
        message = said + f"{place.label} takes {limit.value:,}: {length.over:,} too many."
    start = counting.cut_at(place, text) if limit.field == "text" else 0
    return Finding(
        rule="length",
        severity="note" if limit.ours else "error",
        message=message,
        span=(start, len(text)) if start < len(text) else None,
        field=limit.field,
    )


def _words_are_there(place: Channel, content: Content) -> Iterator[Finding]:
    if not content.text.strip():
        yield Finding(rule="empty", severity="error", message="There is no text.")
    if "subject" in place.fields and not content.subject.strip():
        message = "A mail needs a subject."
        yield Finding(rule="missing_subject", severity="error", message=message, field="subject")
    titled = content.title.strip() or content.subject.strip() or _HEADING.match(content.text)
    if "title" in place.fields and not titled:
        message = "There is no title: a list of pages or mails has nothing to show for it."
        yield Finding(rule="missing_title", severity="warning", message=message, field="title")


def _links(place: Channel, content: Content) -> Iterator[Finding]:
    found = links.find(content.text)
    most = place.links.max
    if most and len(found) > most.value:
        message = f"{place.label} takes at most {most.value} links; this has {len(found)}."
        span = (found[most.value].start, found[-1].end)
        yield Finding(rule="too_many_links", severity="error", message=message, span=span)
    if not place.links.clickable:
        for link in found:
            message = f"Links can't be clicked on {place.label}: say where to find it instead."
            yield Finding(rule="dead_link", severity="warning", message=message, span=(link.start, link.end))


def _hashtags(place: Channel, content: Content) -> Iterator[Finding]:
    found = hashtags.find(content.text)
    rules = place.hashtags
    if rules.max and len(found) > rules.max.value:
        message = f"{place.label} takes at most {rules.max.value} of the {len(found)} hashtags."
        span = (found[rules.max.value].start, found[-1].end)
        yield Finding(rule="too_many_hashtags", severity=rules.excess, message=message, span=span)
    elif found and rules.usual == 0:
        message = f"Hashtags do nothing on this channel ({place.label})."
        yield Finding(rule="many_hashtags", severity="note", message=message, span=(found[0].start, found[-1].end))
    elif len(found) > 2 * rules.usual + 1:
        message = f"{len(found)} hashtags; {rules.usual} are usual on {place.label}."
        yield Finding(rule="many_hashtags", severity="note", message=message, span=(found[0].start, found[-1].end))


def _images_in_text(place: Channel, content: Content) -> Iterator[Finding]:
    if not place.markdown:
        return
    for match in _IMAGE.finditer(content.text):
        attributes = match["attributes"]
        described = bool(_ALT.search(attributes)) if attributes is not None else bool(match["alt"].strip())
        if not described:
            message = "This picture has no alt text: say what it shows."
            yield Finding(rule="missing_alt", severity="warning", message=message, span=match.span())


def _media(place: Channel, alts: Sequence[str]) -> Iterator[Finding]:
    rules = place.media
    if rules.required and not alts:
        message = f"{place.label} takes no post without a picture or a video: add one before it is sent."
        yield Finding(rule="media_required", severity="warning", message=message)
    if rules.images and len(alts) > rules.images.value:
        message = f"{place.label} takes at most {rules.images.value} images; there are {len(alts)}."
        yield Finding(rule="too_many_images", severity="error", message=message)
    for number, alt in enumerate(alts, start=1):
        yield from _alt_text(place, number, alt)


def _alt_text(place: Channel, number: int, alt: str) -> Iterator[Finding]:
    most = place.media.alt_max
    if not alt.strip() and place.media.alt != "none":
        severity: Severity = "error" if place.media.alt == "required" else "warning"
        yield Finding(
            rule="missing_alt", severity=severity, message=f"Image {number} has no alt text: say what it shows."
        )
    elif most and len(alt) > most.value:
        message = f"The alt text of image {number} has {len(alt):,} characters; {place.label} takes {most.value:,}."
        yield Finding(rule="alt_length", severity="error", message=message)


_CHECKS: tuple[Callable[[Channel, Content], Iterable[Finding]], ...] = (
    _words_are_there,
    _lengths,
    _links,
    _hashtags,
    _images_in_text,
)
