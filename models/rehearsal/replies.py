"""Tool results as short plain answers. It says only what stands in the result."""

import html
import json
from collections.abc import Callable
from typing import Any

from core.markdown_text import plain
from core.sentences import split
from models.rehearsal.vectors import stems

WHAT_IT_IS = "rehearsal: assembled from your own words, no language model"
LISTED = 5


def reply(tool: str, content: str, question: str = "") -> str:
    """Return what a tool brought back, in words; a result that is not JSON (an error) is passed on as it is.

    `question` is what past work was searched for: the sentences that fit it best are shown.
    """
    try:
        result = json.loads(content)
    except json.JSONDecodeError:
        return content.strip() or "The tool brought nothing back."
    if not isinstance(result, dict):
        return content
    if result.get("error"):
        return str(result["error"])
    if tool == "recall":
        return _recall(result, question)
    return REPLIES[tool](result) if tool in REPLIES else content


def _recall(result: dict[str, Any], question: str) -> str:
    found = result.get("results", [])
    if not found:
        return "I found nothing like that in your past work."
    asked = set(stems(question))
    if asked and not any(_shared(asked, " ".join([str(work.get("title", "")), *_passages(work)])) for work in found):
        return "Nothing close; the nearest is:\n\n" + _work(found[0], asked)
    lines = [_work(work, asked) for work in found[:LISTED]]
    return f"You said something close in {_count(len(found), 'piece')}:\n\n" + "\n".join(lines)


def _said(result: dict[str, Any]) -> str:
    found = result.get("results", [])
    if not found:
        return "I remember nothing that was said or decided about that."
    lines = [f"- {turn['said_at']}, {turn['speaker']}: {_plain(str(turn['text']))}" for turn in found[:3]]
    return "The nearest of what was said and decided:\n\n" + "\n".join(lines)


def _work(work: dict[str, Any], asked: set[str]) -> str:
    date = f" ({work['published_at']})" if work.get("published_at") else ""
    return f"- **{_plain(str(work.get('title') or work.get('work_id')))}**{date}: “{_start(_best(work, asked))}”"


def _best(work: dict[str, Any], asked: set[str]) -> str:
    """Return the sentence that shares most with the question; the first one where none shares anything."""
    told = [span.text for passage in _passages(work) for span in split(passage)]
    whole = [sentence for sentence in told if len(sentence.split()) > 2] or told or [""]
    return max(whole, key=lambda sentence: _shared(asked, sentence))


def _passages(work: dict[str, Any]) -> list[str]:
    passages = work.get("passages") or []
    return [_plain(str(each["text"]) if isinstance(each, dict) else str(each)) for each in passages]


def _shared(asked: set[str], text: str) -> int:
    """Return how many of the asked words stand in a text, in whatever form ("boat", "boats")."""
    there = set(stems(text))
    return sum(
        any(each.startswith(word) or (len(each) > 3 and word.startswith(each)) for each in there) for word in asked
    )


def _plain(text: str) -> str:
    return html.unescape(plain(text))


def _brief(result: dict[str, Any]) -> str:
    if result.get("question"):
        return str(result["question"])
    cards = result.get("proposals", [])
    notices = [str(notice) for notice in result.get("notices", [])]
    if not cards:
        return "\n".join(["Nothing waits from this.", *notices])
    channels = list(dict.fromkeys(str(card["channel"]) for card in cards))
    said = f"{_count(len(cards), 'draft')} {_wait(len(cards))} for you: {', '.join(channels)}. ({_made_by(cards[0])}.)"
    flawed = [card for card in cards if card.get("findings")]
    look = [f"- {card['channel']}: {'; '.join(map(str, card['findings'][:3]))}" for card in flawed]
    return "\n".join([said, *notices, *(["", "Worth a look:", *look] if look else [])])


def _made_by(card: dict[str, Any]) -> str:
    model = str(card.get("model") or "rehearsal")
    return WHAT_IT_IS if model == "rehearsal" else f"made by {model}"


def _angles(result: dict[str, Any]) -> str:
    if result.get("question"):
        return str(result["question"])
    lines = [f"{number}. **{each['title']}** {each['premise']}" for number, each in enumerate(result["angles"], 1)]
    notices = [str(notice) for notice in result.get("notices", [])]
    where = f"Choose on the card of `{result['proposal_id']}`: what you leave there is drafted, one after the other."
    return "\n".join([f"{_count(len(lines), 'angle')}, before anything is drafted:", "", *lines, "", where, *notices])


def _pending(result: dict[str, Any]) -> str:
    cards = result.get("proposals", [])
    if not cards:
        return "Nothing waits for you. Say what you want to announce or tell, and drafts will."
    lines = [
        f"- `{card['id']}` {card['channel']} ({card['locale']}): {_start(str(card['text']), 90)}" for card in cards
    ]
    return f"{_count(len(cards), 'draft')} {_wait(len(cards))} for you:\n\n" + "\n".join(lines)


def _show(result: dict[str, Any]) -> str:
    quoted = "\n".join(f"> {line}" for line in str(result["text"]).splitlines())
    findings = [f"- {finding}" for finding in result.get("findings", [])]
    body = [f"`{result['id']}`, {result['channel']}, {result['state']}. Exactly what will be sent:", "", quoted]
    return "\n".join([*body, *(["", "Found:", *findings] if findings else [])])


def _explain(result: dict[str, Any]) -> str:
    if result.get("angle"):
        return f"It takes the angle “{result['angle']['title']}”: {result['angle']['premise']}"
    if result.get("cost"):
        return _spent(result["cost"][0])
    lines = ["It leans on:" if result.get("leans_on") else "It leans on nothing but the brief."]
    leans = result.get("leans_on", [])[: LISTED * 2]
    lines += [f"- {receipt['title']}: “{_start(str(receipt['quote']))}”" for receipt in leans]
    voice = result.get("voice") or {}
    if voice.get("score") is not None:
        low, high = voice.get("interval") or (0, 100)
        lines.append(f"Voice: {voice['score']:.0f} of 100 (between {low:.0f} and {high:.0f}).")
    lines += [f"- {_finding(finding)}" for finding in result.get("findings", [])]
    if result.get("suggested_at"):
        lines.append(f"Proposed time: {result['suggested_at']}. {result.get('suggested_reason', '')}".strip())
    made_by = result.get("model")
    lines.append(f"Made by: {WHAT_IT_IS if made_by == 'rehearsal' else made_by}.")
    return "\n".join(lines)


def _revise(result: dict[str, Any]) -> str:
    return f"A new version waits in its place: `{result['id']}` ({result['channel']}).\n\n" + "\n".join(
        f"> {line}" for line in str(result["text"]).splitlines()
    )


def _tag(result: dict[str, Any]) -> str:
    tags = [str(tag["tag"] if isinstance(tag, dict) else tag) for tag in result.get("tags", [])]
    return f"Tags, best first: {', '.join(tags)}." if tags else "No tags of yours fit."


def _assist(result: dict[str, Any]) -> str:
    found = [f"{each['number']}. {_place(each)}" for each in result.get("suggestions", [])]
    notes = [str(each) for each in (*result.get("left_out", []), *result.get("notes", []))]
    again = result.get("accept")
    how = [f"Nothing was changed. Accept some with: `{again} --accept 1`"] if again and found else []
    return "\n".join([*(found or ["Nothing to suggest."]), *notes, *how])


def _place(each: dict[str, Any]) -> str:
    before, after = plain(str(each["before"])), each["after"]
    change = f"“{before}”" if after is None else f"“{before}” → “{plain(str(after))}”"
    return f"{change}: {each['why']}"


def _voice(result: dict[str, Any]) -> str:
    if result.get("score") is None:
        return "There is not enough of your work yet to measure your voice on this text."
    low, high = result.get("interval") or (0, 100)
    reasons = [f"- {reason['text']}" for reason in result.get("reasons", [])[:LISTED]]
    return "\n".join([f"{result['score']:.0f} of 100 (between {low:.0f} and {high:.0f}).", *reasons])


def _schedule(result: dict[str, Any]) -> str:
    if result.get("not_understood"):
        return f"{result['not_understood']} {result.get('hint', '')}".strip()
    against = [f"- {each.get('words') or each.get('message') or each}" for each in result.get("conflicts", [])]
    if result.get("to_set_it"):
        clear = "This speaks against it:" if against else "Nothing speaks against it."
        words = f"{result.get('words') or result.get('at')}. {clear}"
        return "\n".join([words, *against, f"Nothing is booked. To set it: `{result['to_set_it']}`"])
    when = result.get("words") or result.get("suggested_at")
    told = f"Proposed: {when}. {result.get('reason', '')} Nothing is booked.".replace("  ", " ")
    return "\n".join([told, *against])


def _check(result: dict[str, Any]) -> str:
    length = result.get("length")
    of = f" of {length['limit']}" if length and length["limit"] is not None else ""
    lines = [f"{length['used']}{of} {length['unit']} on {result['channel']}."] if length else []
    found = [f"- {_finding(each)}" for each in result.get("findings", [])]
    lines += found or ["Nothing found."]
    against = [str(title) for title in result.get("held_against", [])[:LISTED]]
    return "\n".join([*lines, *([f"Held against: {', '.join(against)}."] if against else [])])


def _usage(result: dict[str, Any]) -> str:
    total = result["total"]
    since = str(result["since"])[:10]
    if not total["model_calls"]:
        return f"No model was asked since {since}."
    lines = [f"- {each['key']}: {_spent(each)}" for each in result.get("parts", [])]
    return "\n".join([f"Since {since}: {_spent(total)}", *lines])


def _spent(share: dict[str, Any]) -> str:
    tokens = share["input_tokens"] + share["output_tokens"]
    calls = round(share["model_calls"], 1)
    return f"{calls:g} {'call' if calls == 1 else 'calls'}, {tokens:,} tokens, {share['cost']:.4f}."


def _finding(finding: dict[str, Any]) -> str:
    words = f" (“{_start(str(finding['words']), 80)}”)" if finding.get("words") else ""
    means = f" {finding['means']}" if finding.get("means") and finding.get("severity") == "error" else ""
    return f"{finding['message']}{words}{means}"


def _calendar(result: dict[str, Any]) -> str:
    rows = result.get("publications", [])
    lines = [f"- {row['channel']}: {row['state']}, {row['due_at']}" for row in rows]
    return "\n".join(lines) if lines else "Nothing is approved or under way."


def _localize(result: dict[str, Any]) -> str:
    return "\n".join([str(result.get("text", "")), *(f"- {finding}" for finding in result.get("findings", []))]).strip()


def _start(text: str, longest: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + " …"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _wait(number: int) -> str:
    return "waits" if number == 1 else "wait"


REPLIES: dict[str, Callable[[dict[str, Any]], str]] = {
    "angles": _angles,
    "check": _check,
    "usage": _usage,
    "brief": _brief,
    "pending": _pending,
    "show": _show,
    "explain": _explain,
    "revise": _revise,
    "tag": _tag,
    "assist": _assist,
    "said": _said,
    "voice_score": _voice,
    "schedule": _schedule,
    "calendar": _calendar,
    "localize": _localize,
}
