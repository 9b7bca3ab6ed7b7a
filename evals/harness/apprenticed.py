"""What the fake apprentice writes: it does well only what the words of its prompt tell it.

It drafts as the rehearsal model does, adds lines of the notes, and reads the rules that it was given. Where a rule is
not among them it does what models do that nobody told: it invents, gushes, links, tags and tells what was private.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.counting import fits
from core.links import find as find_links
from evals.harness.cards import read_yaml
from evals.harness.fake_models import plainly

RULES = {
    "material": "`source`: the new material for it",
    "private": "marks as not for the audience",
    "truth": "Never invent or round a number",
    "links": "Links only from `links`",
    "hashtags": "Hashtags only from `hashtags`",
    "voice": "Write as the creator",
    "limits": "within its `limits`",
    "mend": "Change what was found or asked for",
    "undecided": "You can't publish, approve, reject or schedule",
}
"""The sentences that it obeys, by what they keep it from: each stands in a shipped prompt."""

WRITES = ("draft", "revise", "plan", "vary", "localize", "backtranslate")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_SLIDE = re.compile(r"^---$", re.MULTILINE)


class UnknownRequest(ValueError):
    """It was asked for something that it never learned."""


class Told:
    """The words that it was given, read for the rules that it knows."""

    def __init__(self, words: str) -> None:
        self._words = " ".join(words.split())

    def of(self, rule: str) -> bool:
        """Say whether a rule is among them."""
        return RULES[rule] in self._words

    def of_channel(self, name: str) -> bool:
        """Say whether the channel's own sheet is among them."""
        return f"### {name} " in f"{self._words} "


def answered(task: str, data: dict[str, Any], words: str) -> dict[str, Any]:
    """Return the answer to a request under the words of its prompt. Raises UnknownRequest for any other task."""
    if task not in WRITES:
        raise UnknownRequest(f"fake-apprentice never learned the task {task!r}")
    told = Told(words)
    given = {**data, "source": _known(data["source"], told)} if "source" in data else data
    if task == "revise":
        return {"drafts": [_revised(each, given, told) for each in _mended(given, told)]}
    made = plainly(task, given)
    if task != "draft":
        return made
    text = _with_lines(made["text"], given, told)
    return {**made, "text": _tempted(text, given, data["channel"], told, "first")}


def _known(source: dict[str, Any], told: Told) -> dict[str, Any]:
    """Return the source as far as it is told to use it."""
    lines = str(source["text"]).splitlines() if told.of("material") else []
    kept = [line for line in lines if not (told.of("private") and is_private(line))]
    return {**source, "text": "\n".join(kept), **({} if told.of("material") else {"title": ""})}


def is_private(line: str) -> bool:
    """Say whether a line of notes says that it is nobody else's business."""
    return any(mark in line.casefold() for mark in _lexicon()["private"])


def _mended(data: dict[str, Any], told: Told) -> list[dict[str, Any]]:
    if told.of("mend"):
        return list(plainly("revise", data)["drafts"])
    return [{**each["content"], "draft_id": each["draft_id"], "receipts": []} for each in data["drafts"]]


def _revised(mended: dict[str, Any], data: dict[str, Any], told: Told) -> dict[str, Any]:
    channel = next(each["channel"] for each in data["drafts"] if each["draft_id"] == mended["draft_id"])
    return {**mended, "text": _tempted(mended["text"], data, channel, told, mended["text"])}


def _with_lines(text: str, data: dict[str, Any], told: Told) -> str:
    """Tell the lines of the notes that the text doesn't, in their order: all that fit, or all of them."""
    for line in _lines(data["source"]["text"]):
        longer = _before_tail(text, line)
        if line in text or any(each.text not in data["links"] and told.of("links") for each in find_links(line)):
            continue
        if not told.of("limits") or fits(data["channel"], longer):
            text = longer
    return text


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        plain = _BULLET.sub("", line).strip()
        if len(plain.split()) > 1 or len(plain) > 12:
            yield plain


def _tempted(text: str, data: dict[str, Any], channel: str, told: Told, salt: str) -> str:
    """Return the text with what nobody told it to leave."""
    for rule, more in TEMPTATIONS.items():
        extra = more(data, channel, told, salt)
        if extra and extra not in text:
            text = _before_tail(text, extra) if rule != "hashtags" else f"{text}\n\n{extra}"
    return text


def _invents(data: dict[str, Any], channel: str, told: Told, salt: str) -> str:
    if told.of("truth"):
        return ""
    drawn = hashlib.sha256(f"{data['ask']}|{channel}|{salt}".encode()).digest()
    name = _lexicon()["names"][drawn[0] % len(_lexicon()["names"])]
    return _in_language("invented", data).format(name=name, number=3_001 + int.from_bytes(drawn[1:3], "big") % 6_000)


def _gushes(data: dict[str, Any], _channel: str, told: Told, _salt: str) -> str:
    knows = told.of("voice") and data["voice"]["exemplars"]
    return "" if knows else _in_language("generic", data)


def _links(_data: dict[str, Any], channel: str, told: Told, _salt: str) -> str:
    return "" if told.of("links") else f"https://more.example/{channel}"


def _tags(data: dict[str, Any], channel: str, told: Told, _salt: str) -> str:
    if told.of_channel(channel) and told.of("hashtags"):
        return ""
    own = data["hashtags"] if told.of("hashtags") else ()
    return " ".join(
        f"#{each.replace(' ', '')}" for each in (*own, "MustRead", "Inspiration", "Community", "Journey")[:9]
    )


TEMPTATIONS: dict[str, Callable[[dict[str, Any], str, Told, str], str]] = {
    "truth": _invents, "voice": _gushes, "links": _links, "hashtags": _tags,
}  # fmt: skip


def _in_language(what: str, data: dict[str, Any]) -> str:
    said: dict[str, str] = _lexicon()[what]
    return said.get(str(data["locale"]).split("-")[0], said["en"])


def _before_tail(text: str, more: str) -> str:
    """Put a paragraph before the hashtags and links at the end; on slides and in threads it is one of its own."""
    between = "\n\n---\n\n" if _SLIDE.search(text) else "\n\n"
    parts = text.split("\n\n")
    at = len(parts)
    while at > 1 and all(word.startswith(("#", "http")) for word in parts[at - 1].split()):
        at -= 1
    head, tail = "\n\n".join(parts[:at]), parts[at:]
    return "\n\n".join([f"{head}{between}{more}", *tail])


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, Any]:
    lexicon: dict[str, Any] = read_yaml(Path(__file__).with_name("apprentice.yaml"))
    return lexicon
