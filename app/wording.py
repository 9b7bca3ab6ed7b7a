"""The words every page uses for the same thing: states, verbs, times, names, and what changed."""

import difflib
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.decisions import Decision

KEPT_WORDS = 6  # how many unchanged words stand around a change

SEGMENT_SIGNS = {"empty": "…", "open": "△", "edited": "✎", "approved": "✔", "void": "✖"}
"""Where a segment's review stands, in one character."""

STATES: dict[str, str] = {
    "drafting": "drafting",
    "waiting": "waits for you",
    "approved": "approved",
    "rejected": "rejected",
    "stale": "out of date",
    "superseded": "replaced",
    "held": "held",
    "scheduled": "scheduled",
    "live": "live",
    "failed": "needs you",
}
"""The word that goes with each mark's colour and shape."""

DONE: dict[str, str] = {
    "approve": "approved this",
    "edit": "edited this",
    "changes": "asked for changes",
    "reject": "rejected this",
    "hold": "put this on hold",
}
"""A verb as something that somebody did."""


def clock(moment: datetime, zone: str, now: datetime) -> str:
    """Return a time as people say it where they are: `09:12` today, `Tue 24 Nov, 09:12` otherwise."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"


def wall_time(moment: datetime, zone: str) -> str:
    """Return a time with its day, as a calendar writes it: `Fri 20 Nov 17:30`."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b} {local:%H:%M}"


def place(zone: str) -> str:
    """Return an IANA zone as people say it: `Oslo time`."""
    return "UTC" if zone in ("UTC", "Etc/UTC") else f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} time"


def told(decision: Decision, zone: str, now: datetime) -> str:
    """Say who did what, and when: `Ines approved this at 09:12`."""
    when = clock(decision.at, zone, now)
    return f"{who(decision.by)} {DONE[decision.verb]} {'at' if len(when) == 5 else 'on'} {when}"


def who(by: str) -> str:
    """Return a name as a sentence starts with it; the single owner is the person who reads this."""
    return "You" if by == "owner" else by


def shortened(text: str, most: int) -> str:
    """Return one line of at most `most` characters, cut after a word."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "\u2026"


def number_of(count: int, one: str, many: str) -> str:
    """Return a count with its noun."""
    return f"{count:,} {one if count == 1 else many}"


def word_diff(old: str, new: str) -> list[list[str]]:
    """Return `[["same"|"del"|"ins", text], \u2026]`: what changed, with a few unchanged words around each change."""
    before, after = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    parts: list[list[str]] = []
    for op, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            parts.append(["same", _around(before[i1:i2])])
            continue
        parts += [["del", "".join(before[i1:i2])]] if i2 > i1 else []
        parts += [["ins", "".join(after[j1:j2])]] if j2 > j1 else []
    return parts


def _around(tokens: list[str]) -> str:
    most = KEPT_WORDS * 2  # every second token is the space between two words
    if len(tokens) <= most * 2:
        return "".join(tokens)
    return "".join(tokens[:most]) + " \u2026 " + "".join(tokens[-most:])


def beside_segment(row: dict[str, Any]) -> list[str]:
    """Return what is said beside a segment: back, where its words come from, notes, findings, people's comments."""
    lines = [f"says back: {row['back']}"] if row["back"] else []
    if reuse := row["reuse"]:
        where = reuse["file"] or reuse["proposal_id"] or reuse["id"]
        lines.append(f"{reuse['percent']} % as approved by {reuse['by']}, {reuse['at'][:10]} ({where})")
        lines += [f"  {reuse['source']} → {reuse['target']}"] if reuse["percent"] < 100 else []
    if row["was"]:
        lines.append(f"it was: {row['was'][0]} → {row['was'][1] or '…'}")
    for note in row["notes"]:
        lines.append(f"{note['kind']} “{note['phrase']}”: {note['why']} Or: {' / '.join(note['alternatives'])}")
    lines += [f"{each['severity']} {each['message']}" for each in row["findings"] if row["target"]]
    said = [act for act in row["acts"] if act["note"]]
    return [*lines, *(f"{act['by']}, {act['at'][:16]}: {act['note']}" for act in said)]
