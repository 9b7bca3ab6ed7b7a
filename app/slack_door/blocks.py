"""A review card in Block Kit, from the same card that every page shows."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from app.slack_door.words import (
    ALT,
    BUTTON,
    FALLBACK,
    HEADER,
    SECTION,
    cut,
    escaped,
    escaped_pieces,
    lines,
    link,
    pieces,
)
from core.proposals import MARKS

Block = dict[str, Any]

_SHOWN = 2
"""Parts of a long text that the card itself holds."""

VERBS = (
    ("approve", "Approve", "primary"),
    ("edit", "Edit\u2026", None),
    ("changes", "Ask for changes\u2026", None),
    ("reject", "Reject", "danger"),
    ("hold", "Hold", None),
)

PRIVATE = (
    "This is marked private, and Slack's server is somebody else's: its text is not shown here. Decide on the board."
)


@dataclass(frozen=True)
class Shown:
    """A card as Slack takes it. `rest`: texts that follow in its thread, each with what it is. `private`: it says
    nothing of what it is about.
    """

    blocks: list[Block]
    text: str
    rest: list[tuple[str, str]] = field(default_factory=list)
    private: bool = False


def card_blocks(card: dict[str, Any], links: Callable[[dict[str, Any]], str] = lambda _receipt: "") -> Shown:
    """Return a card's message. `links` gives the address of a receipt's work, or nothing."""
    rest: list[tuple[str, str]] = []
    preview = card["preview"]
    text = preview["text"] or ""
    parts = pieces(text)
    if len(parts) > _SHOWN:
        rest.append((f"{card['title']}: the rest of the text", "".join(parts[_SHOWN:])))
    blocks = [
        _header(f"{_mark(card)} {card['title']}"),
        _context([f"*{card['state']['word']}*", escaped(card["account"]), escaped(card["sub"])]),
        *_sections(_fields(preview), rest, f"{card['title']}: the rest of what goes with it"),
        *(quoted(part) for part in parts[:_SHOWN]),
        *([_context([f"The text goes on in this thread ({len(text):,} characters in all)."])] if rest else []),
        *_sections(_facts(card), rest, f"{card['title']}: the rest of what was checked"),
        *_sections(_changed(card), rest, f"{card['title']}: the rest of what changed"),
        *_sections(_receipts(card, links), rest, f"{card['title']}: more receipts"),
        _context([escaped(card["provenance"]), f"{card['sha_label']} `{card['short_sha']}`"]),
        *_sections(_end(card), rest, f"{card['title']}: more"),
        *buttons(card),
    ]
    glimpse = f"{card['title']}: {card['state']['word']}. {text}"
    return Shown(blocks, escaped_pieces(cut(glimpse, FALLBACK // 5))[0], rest)


def private_blocks(card: dict[str, Any], board: str) -> Shown:
    """Return a card of something private: that it waits, and where; no word of it, and no button."""
    where = link(board, "the board") if board else "the board (greenroom serve)"
    words = f"{PRIVATE.removesuffix('Decide on the board.')}Decide on {where}."
    head = _header(f"{_mark(card)} {card['title']}")
    return Shown([head, section(words)], f"{card['title']}: {PRIVATE}", private=True)


def gone_blocks() -> Shown:
    """Return what stands where a forgotten proposal was."""
    words = "This is no longer here: it was forgotten, or has left with its workspace."
    return Shown([section(words)], words)


def section(mrkdwn: str) -> Block:
    """Return a paragraph of mrkdwn that is escaped already."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def quoted(text: str) -> Block:
    """Return a text letter by letter: in rich text Slack reads no markup, mentions or links."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": text}]}],
    }


def image(title: str, alt: str, file: str) -> Block:
    """Return a picture by the id of its file in Slack."""
    named = {"type": "plain_text", "text": cut(title, ALT), "emoji": False}
    return {"type": "image", "slack_file": {"id": file}, "alt_text": cut(alt, ALT), "title": named}


def button(action: str, word: str, value: str, style: str | None = None) -> Block:
    """Return a button."""
    plain = {"type": "plain_text", "text": cut(word, BUTTON)}
    made: Block = {"type": "button", "action_id": action, "text": plain, "value": value}
    return made | ({"style": style} if style else {})


def buttons(card: dict[str, Any]) -> list[Block]:
    """Return a card's buttons. What was shown (its hash) travels in each: a decision is about that and nothing else."""
    value = json.dumps({"id": card["id"], "sha": card["sha"]})
    if card["open"]:
        row = [button(f"greenroom_{verb}", word, value, style) for verb, word, style in VERBS]
        return [{"type": "actions", "elements": row}]
    if card["undo"]:
        back = json.dumps({"id": card["id"], "decision": card["undo"]})
        return [{"type": "actions", "elements": [button("greenroom_undo", "Take it back", back)]}]
    return []


def _mark(card: dict[str, Any]) -> str:
    return MARKS[card["state"]["name"]][2]


def _header(words: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": cut(words, HEADER), "emoji": False}}


def _context(parts: Iterable[str]) -> Block:
    words = " \u00b7 ".join(part for part in parts if part)
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(words, SECTION), "verbatim": True}]}


def _sections(parts: list[str], rest: list[tuple[str, str]], what: str) -> list[Block]:
    """Return one section of whole lines, all escaped; what does not fit follows in the thread."""
    kept: list[str] = []
    over: list[str] = []
    for part in parts:
        room = SECTION - sum(len(each) + 1 for each in kept)
        (over if over or len(part) > room else kept).append(part)
    if over:
        rest.append((what, unescape("\n".join(over))))
    return [section("\n".join(kept))] if kept else []


def _fields(preview: dict[str, Any]) -> list[str]:
    named = [("Title", preview["title"]), ("Summary", preview["summary"]), *preview["fields"]]
    pictures = [("Picture", each["words"]) for each in preview["pictures"]]
    return [f"*{escaped(name)}:* {escaped(str(value))}" for name, value in (*named, *pictures) if value]


def _facts(card: dict[str, Any]) -> list[str]:
    counted = [
        f"{each['used']}" + (f" of {each['limit']}" if each["limit"] else "") + f" {each['unit']}"
        + (" *(too long)*" if each["over"] else "")
        for each in card["meters"]
    ]  # fmt: skip
    segments = [escaped(card["segments"]["words"])] if card["segments"] else []
    found = [f"*{each['word']}* {escaped(each['message'])}" for each in card["findings"]]
    return [*counted, *_voice(card["voice"]), *segments, *found]


def _voice(voice: dict[str, Any] | None) -> list[str]:
    if voice is None:
        return []
    score = (
        "" if voice["score"] is None else f" {voice['score']} `{gauge(voice['score'], voice['low'], voice['high'])}`"
    )
    reason = f"\n{escaped(voice['reason'])}" if voice["reason"] else ""
    return [f"*Voice:*{score} {escaped(voice['words'])}{reason}"]


def gauge(score: int, low: int, high: int, width: int = 20) -> str:
    """Return a score of 0 to 100 with its range, as a line of characters."""
    at = [round(each / 100 * (width - 1)) for each in (score, low, high)]
    return "".join("\u25cf" if n == at[0] else "\u2501" if at[1] <= n <= at[2] else "\u2500" for n in range(width))


def _changed(card: dict[str, Any]) -> list[str]:
    changed = card["changed"]
    if not changed:
        return []
    marks = {"same": "{}", "del": "\u3010\u2212{}\u3011", "ins": "\u3010+{}\u3011"}
    told = "".join(marks[op].format(escaped(text)) for op, text in changed["parts"])
    return [f"*{escaped(changed['words'])}*", *told.split("\n")]


def _receipts(card: dict[str, Any], links: Callable[[dict[str, Any]], str]) -> list[str]:
    told = [
        f"\u201c{escaped(each['quote'])}\u201d \u2014 {link(links(each), each['source'])}" for each in card["receipts"]
    ]
    head = ["*From your past work:*"] if told else []
    return [*head, *told, escaped(card["more_receipts"])] if told else []


def _end(card: dict[str, Any]) -> list[str]:
    when = [] if not card["open"] else [escaped(card["when"])]
    url = card["url"] or ""
    live = [link(url, "See it live")] if url.startswith("http") else []
    return [line for line in (lines(when), escaped(card["outcome"]), *live) if line]
