"""Turns an ask into what it is about: "Announce our guide" becomes "our guide", and how a post about it may open."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from core.base import Noun
from core.channels import channels
from core.errors import NeedsModel
from core.sentences import split
from models.rehearsal.connectors import Connectors
from models.rehearsal.machine import said_to_a_machine
from models.rehearsal.orders import ordered as ordered_elsewhere
from models.rehearsal.requests import without_requests

_ON_PLACES = "for|on|to|across|para|em|en|pour|sur|für|auf|per|su|voor|op|på|til"  # before a channel's name
_NEWS = re.compile(
    r"(?:our|my|your|the|an?|this|new|now|today|tomorrow|next|first|last|coming|opening|launching|introducing|announcing"
    r"|mi|mis|tu|nuestr\w+|una?|el|las?|los|nuev\w+|notre|nos|mon|ma|mes|une?|les?|nouve\w+|unser\w*|mein\w*|eine?|der|die|das"
    r"|neue\w*|meus?|minhas?|noss\w+|uma?|os?|as|il|lo|gli|nostr\w+|mio|mia|onze?|mijn|de|het|een|vår\w*|min\w?|en|et|ett)\b",
    re.I,
)
"""How a phrase begins that tells of something of somebody's, or of one thing: news, where a bare name is a topic."""
_STUTTER = re.compile(r"(\w+) \1", re.I)  # "On onboarding"
LONGEST_TOPIC = 8  # words
_ENDS = ".!?…:; "
_CUTS = re.compile(r"\s+(?:for|with|from|by|about|across|through|because|so that|and how|and why)\s|[,;:–—(]\s*", re.I)
_LOOSE_END = re.compile(
    r"(?:\s+(?:a|an|the|of|to|in|on|at|for|and|or|our|my|your|their|with|by|from|how|why|that|what|who|which|when|where|is|are|as|than|if|be|we|i))+$",
    re.I,
)
_QUESTION = re.compile(r"^(?:who|what|when|where|why|how|is|are|do|does|can|should|will)\b.*\?$", re.I)


_NAMED = re.compile(r"^(?:[\w’'-]+\s+){0,5}“([^“”]{8,})”[.]?$")
_WITH_TITLE = re.compile(r"^((?:[a-z][\w’'-]*\s+){1,4}[a-z][\w’'-]*):\s+(?=[A-Z“])")
"""“our new guide: Accessibility for Teams”: one colon in an opening is enough."""
_TOLD_BESIDE = re.compile(r"\b(?:mention|say|add|note|point out|include) that\s+(.+)$", re.I | re.DOTALL)
_INSIDE = re.compile(r"“[^”]*”")
_TO_WHOM = re.compile(
    r"(?<!how)\s+to\s+(?:our |the |all |state |new |other )*(?:[a-z-]{3,}s|people)(?:\s+who\s+[^,;:]+)?$"
)
"""Whom something is explained to ("to state agencies") is not what it is about."""


ART = (
    "poems?|haikus?|sonnets?|limericks?|songs?|lyrics|raps?|jokes?|(?:short )?stor(?:y|ies)|fairy ?tales?"
    "|novels?(?= about| on|$)"
)
NO_ART = (
    "I can't write poems, songs or stories, or translate: this is the rehearsal, with no language model. "
    "I can draft posts from your own words: say what to announce or tell, or which past piece to work from."
)
_ART = re.compile(
    rf"^(?:(?:please|can you|could you)\s+)*(?:write|compose|make|create|draft|invent|sing|give)\s+"
    rf"(?:(?:me|us|an?|some|short|funny|little|long|love|bedtime)\s+)*(?:{ART})\b(?!.*\binto\b)|^translate\b",
    re.I,
)
_IS_THERE = re.compile(r"Out now|New\b|News\b|Here it is|Here now|Ready|Something new|Fresh|Up now|Now out")
_ORDER = re.compile(r"^(?:write|draft|compose|create|prepare|produce)\b", re.I)
_ORDERED = re.compile(r"\b(?:about|regarding|announcing|saying that|that says|explaining|on)\s+(.+)$", re.I | re.DOTALL)
_POST_IS = re.compile(
    r"^(?:share|announce|promote|post)\s+(?:our|my|the|this)\s+(?:new|latest)?\s*(?:blog\s+)?(?:post|article|piece|essay)\s*:\s*(?=\S+\s\S+\s\S)",
    re.I,
)
"""“Share our new post: …” says in so many words what the post says."""
_TELL = re.compile(r"^tell\s+(?:[\w'’-]+\s+){0,3}?(?=(?:what|how|why|when|where|who)\b)", re.I)
_LINK = re.compile(r"[\s,:]*(?:\b(?:at|here|via|see|on|link)\b[\s:]*)?\(?https?://[^\s)]*[^\s).,;:!?]\)?", re.I)


_INVITES = re.compile(
    r",?\s+and\s+(?:please\s+)?(?:invite|ask|encourage|urge|remind|tell)\s+"
    r"(?:them|you|everyone|everybody|people|(?:(?:our|my|the)\s+)?(?:readers|followers|listeners|subscribers|audience))"
    r"\s+to\s+(?P<what>[^,;]+)$",
    re.I,
)
"""“…, and invite them to reply with their own lessons”: what the readers are asked, no part of the matter."""
_ADAPTS = re.compile(r"^(?:adapt|repurpose|rework|reuse)\s+(?:this|that|it|these|those)\b", re.I)


def refuse_art(ask: str) -> None:
    """Raise NeedsModel for what is no draft from own words: a poem, a song, a story, a translation."""
    if _ART.match(ask.strip()):
        raise NeedsModel("Poems, songs, stories and translations need a language model.", hint=NO_ART)


class Statement(Noun):
    """What the ask says: `about` in its own words (or the source's title), and the phrases that may open with it."""

    about: str  # "our guide to plain language"; empty where the ask names no subject
    origin: Literal["brief", "source"] = "brief"
    lines: tuple[str, ...] = ()
    more: str = ""  # what else the ask says, in its own words
    ask: str = ""  # all of it, as it was asked
    invite: str = ""  # what readers are asked to do, said to them
    topic: bool = False  # it only names what it is about ("Accessibility"): a heading's words, no sentence of a text

    def opening(self, words: Connectors, turn: int) -> str:
        """Return the opening sentence: the same for the same turn, another for another."""
        ways = self.ways(words)
        return ways[turn % len(ways)]

    def ways(self, words: Connectors) -> list[str]:
        """Return every way to open, each once; none that stutters or has two colons where another has not."""
        lines = [
            words.say(line, x=_lower(self.about, words.phrases["small"]), X=_capital(self.about)) for line in self.lines
        ]
        smooth = [line for line in lines if not _STUTTER.match(line)] or lines
        if ":" in _INSIDE.sub("", self.about):  # two colons in one sentence read badly
            least = min(_INSIDE.sub("", line).count(":") for line in smooth)
            smooth = [line for line in smooth if _INSIDE.sub("", line).count(":") == least]
        return list(dict.fromkeys(_sentence(_capital(line)) for line in smooth))

    def title(self, longest: int) -> str:
        """Return it as a title, shortened at a natural border where it must be."""
        return titled(self.about, longest)


def titled(text: str, longest: int) -> str:
    """Return words as a title: of “our post “The slow harbour”” it is the title that stands in it."""
    named = _NAMED.search(text.strip())
    return shortened(_capital(named[1] if named else text), longest)


def read_ask(
    ask: str, words: Connectors, source_title: str = "", *, ahead: bool = False, known: bool = False
) -> Statement:
    """Return what the ask is about. Politeness, the channel's name and the verb are dropped, nothing is added.

    `ahead` says that it is about a day that may be still to come: no opening may say that it is there already.
    `known`: it was told before, so none may say that it is new.
    """
    said = [span.text for span in split(_LINK.sub("", ask.strip()))]
    ours = [each for each in said if not said_to_a_machine(each)] or said or [""]
    news = without_requests(ours)
    if not news and source_title and _asks_again(ours[0], words):  # nothing but what is to be written, and how
        return _of_the_source(ask, words, source_title, ahead=ahead or known)
    first, *rest = news or ours
    first = re.sub(r"^also\s+", "", first, flags=re.I) if len(ours) < len(said) else first
    core, is_meta = _without_meta(first if first.endswith("?") else first.strip(_ENDS), words)
    core = _POST_IS.sub("", core) or core
    invited = _INVITES.search(core)
    core = core[: invited.start()] if invited else core
    invite = _to_you(invited["what"]) if invited else ""
    kind, about = _told(core, words)
    elsewhere = ordered_elsewhere(core) if kind in {"none", "whole"} else None
    if elsewhere:  # an order in a language without phrases of ours
        kind, about = "none", elsewhere
    if kind in {"none", "whole"} and _ORDER.match(about):  # an order is never what a draft says
        ordered = _ORDERED.search(about)
        kind, about = "explain", ordered[1] if ordered else ""
    if _ADAPTS.match(core) or (_begins_with(core, words.phrases["turn"]) and re.search(r"\sinto\s", core)):
        kind, about = "turn", ""  # "turn this into posts" says nothing of what it is about
    if kind == "none" and is_meta:
        kind = "explain"
    more = " ".join(filter(None, (_matter_of(sentence, words) for sentence in rest)))
    about = _WITH_TITLE.sub(r"\1, ", about)
    openings = words.phrases["openings"]
    lines = tuple(openings["ahead" if ahead and kind == "announce" else kind]["lines"])
    lines = tuple(line for line in lines if not ((ahead or known) and _IS_THERE.match(line)))
    if about and not _points(about, words):
        topic = kind == "none" and elsewhere is None and not is_meta and _only_names(about)
        return Statement(about=about, lines=lines, more=more, ask=ask.strip(), invite=invite, topic=topic)
    title = f"“{source_title.strip(_ENDS)}”" if source_title else ""
    return Statement(about=title, origin="source", lines=lines, more=more, ask=ask.strip(), invite=invite)


def _asks_again(first: str, words: Connectors) -> bool:
    """Say whether a request is none that the phrases of its language can read ("Turn this into posts")."""
    core, _ = _without_meta(first.strip(_ENDS), words)
    kind, about = _told(core, words)
    return kind in {"none", "whole"} or not _points(about, words)


def _of_the_source(ask: str, words: Connectors, title: str, *, ahead: bool) -> Statement:
    """Return a statement in the words of the source's title: of the ask, no reader needs to know anything."""
    lines = tuple(line for line in words.phrases["openings"]["turn"]["lines"] if not (ahead and _IS_THERE.match(line)))
    return Statement(about=f"“{title.strip(_ENDS)}”", origin="source", lines=lines, ask=ask.strip())


def _only_names(about: str) -> bool:
    """Say whether it is a topic's name ("Tide tables") rather than news ("our new table") or a sentence."""
    short = len(about.split()) <= LONGEST_TOPIC
    return short and not (_NEWS.match(about) or _has_verb(about) or about.endswith("?") or any(map(str.isdigit, about)))


def _to_you(asked: str) -> str:
    """Return "reply with their own lessons" as it is said to those who are to do it."""
    you = {"their": "your", "they": "you", "them": "you", "theirs": "yours", "themselves": "yourselves"}
    text = re.sub(r"\b(?:their|they|them|theirs|themselves)\b", lambda found: you[found[0].lower()], asked, flags=re.I)
    return _sentence(_capital(text.strip()))


def _told(core: str, words: Connectors) -> tuple[str, str]:
    """Return how it is to be told (the kind of opening), and what."""
    if told := _TELL.match(core):
        return "whole", core[told.end() :]
    for kind, phrases in words.phrases["openings"].items():
        verb = _begins_with(core, phrases["verbs"])
        if not verb:
            continue
        about = core[len(verb) :].strip(" :,")
        clause = _begins_with(about, words.phrases["clause"])
        if clause or verb.lower().endswith(" that"):
            return "whole", about[len(clause or "") :].strip()
        if re.match(r"(?:how|why|what|when|where)\b", about, re.I):
            return "explain", about
        return kind, _TO_WHOM.sub("", about) if kind == "explain" else about
    if _QUESTION.match(core):
        return "none", core
    return ("whole" if core[:1].isupper() and _has_verb(core) else "none"), core


def _points(about: str, words: Connectors) -> bool:
    """Say whether it only points at the source ("this post", "it")."""
    pointer = _begins_with(about, words.phrases["pointing"])
    extra = 2 if pointer and pointer.lower().startswith("what") else 1  # "what I wrote this week"
    return pointer is not None and len(about.split()) - len(pointer.split()) <= extra


def shortened(text: str, longest: int) -> str:
    """Return the longest beginning of `text` that ends at a natural border and has at most `longest` characters."""
    text = text.strip().rstrip(_ENDS)
    if len(text) <= longest:
        return text
    borders = [match.start() for match in _CUTS.finditer(text) if match.start() <= longest]
    for border in reversed(borders):
        kept = _LOOSE_END.sub("", text[:border]).rstrip(_ENDS + ",")
        if len(kept.split()) >= 3 and kept.count("“") == kept.count("”"):
            return kept
    kept = text[: longest + 1].rsplit(" ", 1)[0]
    return _LOOSE_END.sub("", kept).rstrip(_ENDS + ",")


def _without_meta(text: str, words: Connectors) -> tuple[str, bool]:
    """Drop "please", "write a LinkedIn post about", "for Bluesky and Mastodon"; say whether a form was asked for."""
    while polite := _begins_with(text, words.phrases["polite"]):
        text = text[len(polite) :].strip(" ,:")
    at_end, *begins = _meta(*(tuple(words.phrases[name]) for name in ("write", "forms", "amount")))
    text = at_end.sub("", text)
    core = begins[0].sub("", text) if begins else text
    return core.strip(), core != text


@lru_cache(maxsize=4)
def _meta(write: tuple[str, ...], forms: tuple[str, ...], amount: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    places = "|".join(re.escape(each) for channel in channels() for each in (channel.label, channel.name))
    listed = rf"(?:{places}|social media|socials)"
    enumerated = rf"{listed}(?:(?:\s*,\s*and\s+|\s*,\s*|\s+and\s+){listed})*"
    at_end = rf"[\s,]+(?:{_ON_PLACES})\s+(?:our\s+|the\s+)?{enumerated}$"
    if not write:
        return (re.compile(at_end, re.I),)
    form = rf"(?:(?:{'|'.join(amount)})\s+)*(?:(?:{enumerated})\s+)?(?:{'|'.join([*forms, places])})"
    more_forms = rf"{form}(?:(?:\s*,\s*and|\s*,|\s+and)\s+{form})*"
    to_the_point = r"(?:to\s+|(?:about|on|of|that|announcing|explaining|saying|for|from)\s+|:\s*|$)"
    write_me = rf"^(?:(?:{'|'.join(write)})\s+(?:(?:me|us)\s+)?)?"
    begins = rf"{write_me}{more_forms}\s*(?:(?:for|on)\s+{enumerated}\s*)?{to_the_point}"
    return re.compile(at_end, re.I), re.compile(begins, re.I)


def _begins_with(text: str, phrases: Iterable[str]) -> str | None:
    """Return the beginning of `text` that is one of the phrases, the longest first; "…" stands for a few words."""
    for phrase in sorted(phrases, key=len, reverse=True):
        pattern = re.escape(phrase).replace(re.escape("…"), r"(?:[\w'’-]+\s+){0,3}?[\w'’-]+")
        found = re.match(rf"{pattern}(?!\w)", text, re.I)
        if found:
            return found[0]
    return None


def _matter_of(sentence: str, words: Connectors) -> str:
    """Return what a further sentence of the ask says of the matter: of "Keep it warm, and mention that …", the last."""
    if not _is_instruction(sentence, words):
        return sentence
    told = _TOLD_BESIDE.search(sentence)
    return _sentence(_capital(told[1].strip())) if told else ""


def _is_instruction(sentence: str, words: Connectors) -> bool:
    """Say whether a further sentence of the ask is about the writing ("Keep it short"), not about the matter."""
    return _begins_with(sentence, [*words.phrases["instructions"], *words.phrases["polite"]]) is not None


def _has_verb(text: str) -> bool:
    return bool(
        re.search(r"\b(?:is|are|was|were|has|have|had|will|can|we[’']\w+|it[’']s|\w+ed)\b|^(?:we|i)\s", text, re.I)
    )


def _sentence(text: str) -> str:
    text = text.strip()
    if text.endswith(("?.", "!.")):
        return text[:-1]
    return text if text.endswith((".", "!", "?", "…", "。")) else text.rstrip(":;, ") + "."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str, small: Iterable[str]) -> str:
    """Return the text with a small first letter where its first word is no name."""
    return text[:1].lower() + text[1:] if text.split(" ", 1)[0].lower() in small else text
