"""What X makes of a text: links become t.co, `&`, `<` and `>` are escaped, pictures add a link of their own."""

import hashlib
from typing import Any

from core import entities


def shown(text: str, post_url: str, media_keys: list[str]) -> tuple[str, dict[str, Any]]:
    """Return the `text` of a post as the API answers it, and its `entities`."""
    out, at, urls = "", 0, []
    for start, end in entities.links(text, bare=True, wide=False):
        out += _escape(text[at:start])
        urls.append(_link(out, text[start:end]))
        out, at = out + urls[-1]["url"], end
    out += _escape(text[at:])
    if media_keys:
        out += " " if out else ""
        kind = "photo" if media_keys[0].startswith("3_") else "video"
        added = _link(out, f"{post_url}/{kind}/1")
        urls += [{**added, "media_key": key} for key in media_keys]
        out += added["url"]
    return out, {"urls": urls} if urls else {}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _link(before: str, target: str) -> dict[str, Any]:
    whole = target if target.lower().startswith("http") else f"http://{target}"
    short = "https://t.co/" + hashlib.sha256(whole.encode()).hexdigest()[:10]
    bare = whole.split("://", 1)[1]
    display = bare if len(bare) <= 28 else bare[:27] + "…"
    place = {"start": len(before), "end": len(before) + len(short)}
    return {**place, "url": short, "expanded_url": whole, "display_url": display}
