"""Reads a message as one of the requests of `understands.yaml`."""

import re
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from core.base import Noun
from core.channels import channels
from core.ids import PROPOSAL, ids_in, pattern_of
from models.rehearsal.connectors import connectors
from models.rehearsal.statement import ART
from models.rehearsal.where import without_channels

ID = pattern_of(r"[a-z]{1,5}")
PASTED = 25  # words after the first line, from which on they are material and not part of the ask

LOCALES = {
    "spanish": "es",
    "portuguese": "pt",
    "french": "fr",
    "german": "de",
    "italian": "it",
    "dutch": "nl",
    "norwegian": "nb",
    "swedish": "sv",
    "danish": "da",
    "polish": "pl",
    "japanese": "ja",
    "chinese": "zh",
    "korean": "ko",
    "arabic": "ar",
    "hebrew": "he",
    "hindi": "hi",
    "english": "en",
}
_IN_LOCALE = re.compile(
    rf"[\s,]+(?:also\s+)?in\s+((?:{'|'.join(LOCALES)})(?:(?:,|\s+and)\s+(?:{'|'.join(LOCALES)}))*|[a-z]{{2}}(?:-[A-Z]{{2}})?)\W*$",
    re.I,
)


_WEEK = re.compile(r"\b(?:a|one|the|my|our) week(?:[’']s worth)? of (posts|drafts)\b", re.I)
_TITLE = re.compile(
    r"[“\"]([^“”\"]+)[”\"]"
    r"|^(?:please )?(?:turn|adapt|repurpose|cut|split|make)\s+(?!this\b|that\b|it\b|these\b)(.+?)\s+into\b",
    re.I,
)


_OF_A_DRAFT = re.compile(
    r"(?:(?:please|can you|could you|would you|kindly|now|then|and|ok(?:ay)?),?\s+)*"
    r"(?!(?:announce|introduce|explain|describe|tell|write|draft|compose|present|promote|launch)\b)\w+\s+(?:me\s+|us\s+)?"
    r"(?:(?:both|all|one|some|each)\s+of\s+(?:them|these|those)\b"
    r"|(?:(?:the|that|this|those|these|my|our|your)\s+(?:\w+\s+){0,2}?(?:ones?|drafts?|versions?|proposals?|card)"
    r"|both(?:\s+drafts)?|all(?:\s+the)?\s+drafts|one)"
    r"(?=\W*$|[,;:.!?’']|\s+(?:that|which|is|are|a\s+(?:bit|little)|more|less|much|even|so|as|with|without|by|now|again"
    r"|please|shorter|longer|tighter|briefer|clearer|warmer|funnier|in|into|than|and|waiting)\b))",
    re.IGNORECASE,
)


class Request(Noun):
    """One kind of request that it understands."""

    request: str
    says: str
    example: str
    pattern: str
    tool: str | None = None


class Understood(Noun):
    """A message, understood: which request it is, and the arguments of its tool."""

    request: str
    tool: str | None
    arguments: dict[str, Any]


@lru_cache(maxsize=1)
def requests() -> tuple[Request, ...]:
    """Return the requests of `understands.yaml`, in the order in which they are tried."""
    text = resources.files(__package__).joinpath("understands.yaml").read_text(encoding="utf-8")
    return tuple(Request.model_validate(row) for row in yaml.safe_load(text))


def understand(message: str) -> Understood | None:
    """Return what a message asks for; None where it is none of the known requests."""
    message = message.strip()
    for known, pattern in _patterns():
        found = pattern.search(message)
        if found and known.request == "brief" and names_a_draft(message):
            return Understood(request="named", tool=None, arguments={})
        if found:
            return Understood(request=known.request, tool=known.tool, arguments=_arguments(known, found))
    return None


def names_a_draft(message: str) -> bool:
    """Say whether a message is about a draft that is there: such a message never starts a brief."""
    first = message.strip().partition("\n")[0]
    return bool(ids_in(PROPOSAL, first)) or _OF_A_DRAFT.match(first) is not None


def named_title(arguments: dict[str, Any]) -> str | None:
    """Return the title that a brief's ask names in quotation marks or before "into", where it has no source yet."""
    found = None if "source" in arguments else _TITLE.search(str(arguments.get("ask", "")))
    named = (found[1] or found[2]).strip() if found else ""
    named = named.strip('“”"')
    return None if not named or re.fullmatch(ID, named) else named


def wants_a_week(message: str) -> bool:
    """Say whether it asks for a week of posts, where one draft for each channel is what there is."""
    return _WEEK.search(message) is not None


def table() -> str:
    """Return the requests as a Markdown table, for the documentation and for `help`."""
    rows = {each.request: each for each in reversed(requests())}
    lines = ["| it can | say, for example |", "|---|---|"]
    return "\n".join([*lines, *(f"| {each.says} | `{each.example}` |" for each in reversed(rows.values()))])


def summary() -> str:
    """Return the requests as a list for the chat."""
    rows = {each.request: each for each in reversed(requests()) if each.request not in {"help", "greeting", "refuse"}}
    return "\n".join(f"- {each.says}: `{each.example}`" for each in reversed(rows.values()))


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Request, re.Pattern[str]], ...]:
    places = "|".join(re.escape(each) for channel in channels() for each in (channel.label, channel.name))
    spoken = connectors("en", plural=True).phrases
    verbs = [verb for kind in spoken["openings"].values() for verb in kind["verbs"]] + list(spoken["write"])
    known = "|".join(re.escape(verb) for verb in sorted(verbs, key=len, reverse=True))
    return tuple(
        (
            each,
            re.compile(
                each.pattern.replace("{id}", ID)
                .replace("{draft}", pattern_of(PROPOSAL))
                .replace("{place}", f"(?:{places})")
                .replace("{verbs}", known)
                .replace("{art}", ART),
                re.IGNORECASE | re.DOTALL,
            ),
        )
        for each in requests()
    )


_TASKS = (
    (("style", "wording", "phrasing"), "style"),
    (("titl", "headline"), "titles"),
    (("clar", "clear", "more clear", "plain", "easier"), "clearer"),
)


def _task(said: str) -> str:
    """Return which of its tasks `assist` is asked for; what is no other is slips."""
    return next((task for words, task in _TASKS if said.lower().startswith(words)), "grammar")


def _arguments(known: Request, found: re.Match[str]) -> dict[str, Any]:
    arguments = {name: value.strip() for name, value in found.groupdict().items() if value}
    if known.request == "localize" and "locale" in arguments:
        arguments["locale"] = LOCALES.get(arguments["locale"].lower(), arguments["locale"])
    if "do" in arguments:
        arguments["do"] = _task(arguments["do"])
    if known.request == "recall":
        return _recall(arguments["query"])
    return _brief(arguments["ask"]) if known.request == "brief" else arguments


_PIECE = r"(?:episodes?|pieces?|posts?|works?|articles?|texts?|newsletters?|letters?|ones?)"
_WANTED = re.compile(
    rf"^(?:me\s+|us\s+)?(?:(?:the|an?|my|our)\s+)?(?:(?P<one>single|one|only|best|1)|(?P<some>two|three|four|five|[2-9]))\s+"
    rf"{_PIECE}\s+(?:(?:that|which)\s+)?(?:(?:has|have)\s+most\s+to\s+do\s+with|(?:is|are|was|were|speaks?|tells?|talks?)\s+"
    r"(?:about|of|on)|about|on|of|with|mentioning)\s+",
    re.IGNORECASE,
)
_JUST_ONE = re.compile(
    r"[.,;!]?\s*(?:just|only)\s+(?:the\s+)?(?:one|1|best)(?:\s+one)?(?:,?\s*please)?\W*$", re.IGNORECASE
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}


def _recall(query: str) -> dict[str, Any]:
    """Return a look's arguments: what to look for, and how many where that is said."""
    arguments: dict[str, Any] = {}
    if just := _JUST_ONE.search(query):
        query, arguments["k"] = query[: just.start()], 1
    if wanted := _WANTED.match(query):
        some = wanted["some"]
        query, arguments["k"] = query[wanted.end() :], 1 if wanted["one"] else _COUNTS.get(some) or int(some)
    return {"query": query.strip(" .,;!?"), **arguments}


def _brief(ask: str) -> dict[str, Any]:
    """Return a brief's arguments: channels and locales only where they are named, pasted material as the source."""
    first, _, rest = ask.partition("\n")
    ask = _WEEK.sub(r"\1", ask)
    first = _WEEK.sub(r"\1", first)
    arguments: dict[str, Any] = {}
    if len(rest.split()) >= PASTED:
        ask, arguments["source"] = first.strip(" :"), rest.strip()
    work = re.search(rf"\b({ID})\b", ask)
    if work:
        arguments["source"] = work[1]
    locale = _IN_LOCALE.search(ask)
    if locale:
        ask = ask[: locale.start()]
        languages = re.split(r",\s*|\s+and\s+|\s+", locale[1].lower())
        arguments["locales"] = [LOCALES.get(name, name) for name in languages if name]
    ask, named = without_channels(ask)
    if named:
        arguments["channels"] = named
    return {"ask": ask.strip(), **arguments}
