"""Registers: a newsletter is not a post, and talk is not writing. Which one a work is in and a channel asks for."""

from core.works import Work

POSTS, NEWSLETTERS, ARTICLES, TALKS = "posts", "newsletters", "articles", "talks"

_OF_FORMAT = {
    "bluesky": POSTS,
    "mastodon": POSTS,
    "x": POSTS,
    "email": NEWSLETTERS,
    "substack": NEWSLETTERS,
    "ghost": ARTICLES,
    "medium": ARTICLES,
    "wordpress": ARTICLES,
    "transcript": TALKS,
    "youtube": TALKS,
}
"""By where a work came from. What is not here (Markdown, a feed, LinkedIn's shares and articles) goes by its length."""

_OF_CHANNEL = {
    "bluesky": POSTS,
    "instagram": POSTS,
    "linkedin": POSTS,
    "mastodon": POSTS,
    "newsletter": NEWSLETTERS,
    "site": ARTICLES,
    "threads": POSTS,
    "wordpress": ARTICLES,
    "x": POSTS,
}

_POST = 90
"""Words: what is shorter reads as a post where nothing else says what it is."""

LEAST_WORDS = 1500
"""Besides ten works, a register of its own needs this many words: ten one-line posts say less than all works do."""


def register_of(work: Work) -> str:
    """Return the register a work is in: what its importer noted as its channel, its format, else its length."""
    channel = str(work.extra.get("channel", "")).lower()
    speaks = POSTS if work.words < _POST else ARTICLES
    return _OF_CHANNEL.get(channel) or (TALKS if work.extra.get("speakers") else _OF_FORMAT.get(work.format, speaks))


def asked_for(channel: str | None) -> str | None:
    """Return the register that a channel is written in, None where there is none."""
    return _OF_CHANNEL.get(channel) if channel else None


def key_of(language: str, register: str | None) -> str:
    """Return under which name totals are kept: `en` for all works in English, `en/posts` for the posts among them."""
    return f"{language}/{register}" if register else language
