"""What a channel's rules find in a draft, before anybody approves it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import regex

from core import chapters, counting, entities, hashtags, links, slips, threads
from core.channels import Channel, Limit, channel
from core.drafts import Content, Finding, Picture, Severity

_IMAGE = regex.compile(r"!\[(?P<alt>[^\]]*)\]\([^)]*\)|<img\b(?P<attributes>[^>]*)>", regex.IGNORECASE)
_ALT = regex.compile(r"""\balt\s*=\s*(?:"\s*[^"\s][^"]*"|'\s*[^'\s][^']*')""", regex.IGNORECASE)
_HEADING = regex.compile(r"\s*#{1,2}\s+\S")


class _Post(NamedTuple):
    """One post of the text, where it begins in it, and what a finding calls it."""

    start: int
    text: str
    name: str


def findings(where: str | Channel, content: Content, *, alts: Sequence[str] | None = None) -> tuple[Finding, ...]:
    """Return what the channel's rules, and a careful reader, find in `content`; errors come first.

    `alts` are the alt texts of the attached images, one each (empty where one is missing); None: the content's own
    pictures. Each post of a thread is measured by itself, and a finding names it.
    """
    place = where if isinstance(where, Channel) else channel(where)
    found = [finding for check in _CHECKS for finding in check(place, content)]
    found += _media(place, [picture.alt for picture in content.pictures] if alts is None else alts)
    found += slips.findings(content, place.fields, markdown=place.markdown)
    order: tuple[Severity, ...] = ("error", "warning", "note")
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def _posts(place: Channel, content: Content) -> list[_Post]:
    found = threads.posts(place, content.text)
    kind = "Slide" if place.slides else "Post"
    names = ["It"] if len(found) == 1 else [f"{kind} {number} of {len(found)}" for number in range(1, len(found) + 1)]
    return [_Post(post.start, post.text, name) for post, name in zip(found, names, strict=True)]


def _lengths(place: Channel, content: Content) -> Iterator[Finding]:
    for limit in place.limits:
        value = getattr(content, limit.field)
        whole = _Post(0, value if isinstance(value, str) else ",".join(value), f"The {limit.field}")
        for post in _posts(place, content) if limit.field == "text" else [whole]:
            length = counting.measure(limit, post.text)
            if length.over:
                yield _too_long(place, limit, post, length)


def _too_long(place: Channel, limit: Limit, post: _Post, length: counting.Length) -> Finding:
    said = f"{post.name} has {length.used:,} {length.unit}; "
    if limit.ours:
        message = said + f"about {limit.value:,} are shown, so the end may be cut off."
    else:
        message = said + f"{place.label} takes {limit.value:,}: {length.over:,} too many."
    start = counting.cut_at(place, post.text) if limit.field == "text" else 0
    return Finding(
        rule="length",
        severity="note" if limit.ours else "error",
        message=message,
        span=(post.start + start, post.start + len(post.text)) if start < len(post.text) else None,
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
    most = place.links.max
    for post in _posts(place, content):
        found = links.find(post.text)
        if most and len(found) > most.value:
            message = f"{place.label} takes at most {most.value} links; {_this(post)} has {len(found)}."
            yield _between(post, found[most.value].start, found[-1].end, "too_many_links", "error", message)
        if not place.links.clickable:
            for link in found:
                message = f"Links can't be clicked on {place.label}: say where to find it instead."
                yield _between(post, link.start, link.end, "dead_link", "warning", message)


def _link_costs(place: Channel, content: Content) -> Iterator[Finding]:
    """What a post costs is said before it is approved, at the first link: bare domains count too."""
    if place.links.costs is None:
        return
    for post in _posts(place, content):
        if found := entities.links(post.text, bare=True, wide=False):
            times = place.links.costs.value
            message = (
                f"{post.name} has a link: {place.label} charges about {times} times as much for it as without one."
            )
            yield _between(post, *found[0], "link_costs", "note", message)


def _hashtags(place: Channel, content: Content) -> Iterator[Finding]:
    rules = place.hashtags
    for post in _posts(place, content):
        found = hashtags.find(post.text)
        if not found:
            continue
        first, last = found[0].start, found[-1].end
        if rules.max and len(found) > rules.max.value:
            of = "the" if post.name == "It" else f"{_this(post)}'s"
            message = f"{place.label} takes at most {rules.max.value} of {of} {len(found)} hashtags."
            yield _between(post, found[rules.max.value].start, last, "too_many_hashtags", rules.excess, message)
        elif rules.usual == 0:
            message = f"Hashtags do nothing on this channel ({place.label})."
            yield _between(post, first, last, "many_hashtags", "note", message)
        elif len(found) > 2 * rules.usual + 1:
            message = f"{len(found)} hashtags; {rules.usual} are usual on {place.label}."
            yield _between(post, first, last, "many_hashtags", "note", message)


def _this(post: _Post) -> str:
    return "this" if post.name == "It" else post.name[0].lower() + post.name[1:]


def _between(post: _Post, start: int, end: int, rule: str, severity: Severity, message: str) -> Finding:
    """Return a finding in one post, its span counted in the whole text."""
    return Finding(rule=rule, severity=severity, message=message, span=(post.start + start, post.start + end))


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


def _picture_sizes(place: Channel, content: Content) -> Iterator[Finding]:
    for number, picture in enumerate(content.pictures, start=1):
        yield from _picture_size(place, number, picture)


def _picture_size(place: Channel, number: int, picture: Picture) -> Iterator[Finding]:
    most = place.media.image_bytes
    if most and picture.bytes > most.value:
        message = f"Image {number} has {picture.bytes:,} bytes; {place.label} takes {most.value:,}."
        yield Finding(rule="image_bytes", severity="error", message=message)


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


def _slides(place: Channel, content: Content) -> Iterator[Finding]:
    """A carousel outside the platform's number of slides can't be put up at all."""
    count = len(threads.posts(place, content.text))
    if place.slides and content.text.strip() and not place.slides.least.value <= count <= place.slides.most.value:
        least, most = place.slides.least.value, place.slides.most.value
        message = f"{place.label} takes {least} to {most} slides; there {'is' if count == 1 else 'are'} {count}."
        yield Finding(rule="slides", severity="error", message=message + " A line of hyphens stands between two.")


def _chapters(place: Channel, content: Content) -> Iterator[Finding]:
    if place.chapters:
        for message, chapter in chapters.problems(chapters.chapters_in(content.text)):
            span = (chapter.start, chapter.end)
            yield Finding(rule="chapters", severity="warning", message=f"No chapters show: {message}", span=span)


def _forbidden(place: Channel, content: Content) -> Iterator[Finding]:
    for field in ("title", "text") if place.forbids else ():
        for at, char in enumerate(getattr(content, field)):
            if char in place.forbids:
                message = f"{place.label} takes no “{char}”."
                yield Finding(
                    rule="forbidden_character", severity="error", message=message, span=(at, at + 1), field=field
                )


def _no_sender(place: Channel, content: Content) -> Iterator[Finding]:
    if place.copy_only and content.text.strip():
        message = f"There is no sender for {place.label}: once approved, copy the text (`greenroom show ID --text`)."
        yield Finding(rule="no_sender", severity="note", message=message)


_CHECKS: tuple[Callable[[Channel, Content], Iterable[Finding]], ...] = (
    _words_are_there,
    _lengths,
    _links,
    _link_costs,
    _hashtags,
    _images_in_text,
    _picture_sizes,
    _slides,
    _chapters,
    _forbidden,
    _no_sender,
)
