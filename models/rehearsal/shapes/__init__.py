"""What a draft looks like on each channel: one shape a file, and the table of which channel has which."""

from collections.abc import Callable

from core.channels import channel as rules_of
from models.rehearsal.shapes import article, episode, letter, noted, paragraphs, posts, short, slides
from models.rehearsal.shapes.kit import Kit
from models.tasks import DraftAnswer

SHAPES: dict[str, Callable[[Kit], DraftAnswer]] = {
    "bluesky": short.words_first,
    "mastodon": short.news_first,
    "x": short.news_first,
    "threads": short.words_first,
    "linkedin": paragraphs.post,
    "instagram": paragraphs.caption,
    "newsletter": letter.letter,
    "site": article.article,
    "wordpress": article.article,
    "webhook": paragraphs.bulletin,
    "youtube": episode.description,
    "shownotes": episode.notes,
    "carousel": slides.slides,
}

TURNS = {name: place for place, name in enumerate(SHAPES)}
"""Channels take turns with openings and sentences, so that no two posts of a brief begin alike."""


def shape(kit: Kit) -> DraftAnswer:
    """Return the draft for the kit's channel; BadInput names the known ones."""
    place = rules_of(kit.channel)
    if kit.notes is not None and kit.notes.told:
        return noted.draft(kit)
    return posts.thread(kit) if kit.thread and place.threads else SHAPES[place.name](kit)
