"""Which channels an ask names: "announce on Bluesky and Mastodon that …", "… for the newsletter", "a LinkedIn post"."""

import re
from functools import lru_cache

from core.channels import channels

_SPOKEN = {"tweet": "x", "toot": "mastodon", "skeet": "bluesky"}
_AT = r"(?:for|on|to|via|in)"
_LEAD = 3  # words between the verb and the channels that it is said on: tell everyone there on Mastodon
_WRITE = re.compile(
    r"(?:please\s+)?(?:write|draft|make|create|prepare)\s+(?:(?:me|us|an?|some|the|short|posts?)\s+)*", re.IGNORECASE
)


def without_channels(ask: str) -> tuple[str, list[str]]:
    """Return an ask without the channels that it names at its beginning, and all channels that it names.

    Those inside what is told ("that our newsletter moves") are none of them: they are what it is about.
    """
    found = set(_at_the_end(ask))
    if led := _led().match(ask):
        found |= {name for name, pattern in _patterns().items() if pattern.search(led["where"])}
        ask = f"{led['verb']}{led['rest']}"
    return ask, [channel.name for channel in channels() if channel.name in found]


def _at_the_end(ask: str) -> list[str]:
    low = ask.lower()
    tail = max(low.rfind(f" {word} ") for word in ("for", "on", "to", "into"))
    lead = _WRITE.match(low)
    scopes = [low[tail:] if tail >= 0 else "", low[lead.end() : lead.end() + 60].split(" about ")[0] if lead else ""]
    return [name for name, pattern in _patterns().items() if any(pattern.search(scope) for scope in scopes)]


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Return each channel's names as alternatives of a pattern."""
    return {
        channel.name: "|".join(
            re.escape(name)
            for name in sorted(
                {channel.name, channel.label.lower(), *(word for word, of in _SPOKEN.items() if of == channel.name)}
            )
        )
        for channel in channels()
    }


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rf"\b(?:{forms})s?\b", re.IGNORECASE) for name, forms in _names().items()}


@lru_cache(maxsize=1)
def _led() -> re.Pattern[str]:
    either = "|".join(_names().values())
    one = rf"(?:(?:the|our|my)\s+)?(?:{either})s?\b"
    joint = rf"(?:\s*,\s*(?:and\s+)?|\s+(?:and|&)\s+)(?:{_AT}\s+)?"
    return re.compile(
        rf"(?P<verb>\S+(?:\s+(?!that\b|how\b|why\b|about\b)[^\s:,]+){{0,{_LEAD}}}?)"
        rf"(?P<where>\s+{_AT}\s+{one}(?:{joint}{one})*)(?P<rest>\s+(?:that|how|why|about|what|when|where|who)\b.*|\s*:.*)",
        re.IGNORECASE | re.DOTALL,
    )
