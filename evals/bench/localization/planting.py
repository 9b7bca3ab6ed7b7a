"""Tokens put into both sides of a pair where it holds none of a kind, so that one side can lose it."""

from random import Random

import regex

from evals.bench.localization.rows import Row

TOKENS = {
    "placeholder": ("{name}", "{{ first_name }}", "%s", "%(count)s", "{0}", "${total}", "%1$s", "{item_count}"),
    "handle": ("@mira_lund", "@tidewater", "@jo.okafor", "@studio9", "@ana@fosstodon.example"),
    "hashtag": ("#OpenStudio", "#slowmaking", "#PlainLanguage", "#Design2026", "#climate_action"),
    "emoji": ("🎉", "🚀", "👩‍💻", "❤️", "🇳🇴", "👍🏽", "☕", "🔥"),
    "number": ("7", "24", "365", "1250", "2019", "48"),
    "url": (
        "https://example.org/guide",
        "https://tidewater.example/blog/slow-making?ref=news",
        "http://shop.example.com/a/b.html",
    ),
}
_WHOLE = regex.compile(r"`[^`]*`|https?://\S+|\[[^\]]*\]|\([^()]*\)|\{[^{}]*\}|<[^<>]*>|“[^”]*”|\"[^\"]*\"")
_SPACE = regex.compile(r"(?<=\S)\s(?=\S)")
_PAUSE = regex.compile(r"(?<=[。、！？])(?=\S)")


def plant(row: Row, token: str, random: Random) -> Row:
    """Return the pair with a token at about the same place of both texts, set apart by spaces."""
    where = random.random()
    return row._replace(src=_with(row.src, token, where), tgt=_with(row.tgt, token, where))


def _with(text: str, token: str, where: float) -> str:
    """Put a token at one of the text's gaps; at its end where there is none."""
    gaps = _gaps(text)
    if not gaps:
        return f"{text} {token}"
    at = gaps[min(int(where * len(gaps)), len(gaps) - 1)]
    return f"{text[:at].rstrip()} {token} {text[at:].lstrip()}"


def _gaps(text: str) -> list[int]:
    inside = [match.span() for match in _WHOLE.finditer(text)]
    pauses = [match.start() for match in _PAUSE.finditer(text)]
    spaces = [match.start() for match in _SPACE.finditer(text)]
    return [at for at in (pauses or spaces) if not any(start < at < end for start, end in inside)]
