"""The sentences of a draft that claim something: a number, date, name, quote, superlative, comparison or cause.

Each rests on a receipt, on a passage of the sources that says much the same, or on nothing that can be found: that is
said. Whether a passage says the same or the opposite in other words, no rule can tell.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import regex

from core import hashtags, links, names, sentences
from core.drafts import Finding, Receipt
from core.grounding import figures, quoted
from core.grounding.counted import IDLE
from core.grounding.ground import Ground
from core.grounding.passages import Alike, stems
from core.spans import blanked

SUPPORTED = 0.4  # of a claim's stems in what it rests on: people who sum up a text keep about half of its words
TOGETHER = 0.5  # of a claim's stems in three passages of one source, where none of them says enough alone
LEAST = 3  # stems; a shorter sentence claims nothing that could be looked up

_MARKS = {
    "superlative": (
        r"\b(?:the|our|its|their|world['’]s)\s+(?:very\s+)?(?:first|only|most|least|best|worst|largest|biggest|smallest"
        r"|fastest|slowest|cheapest|oldest|newest|highest|lowest|greatest|longest|strongest|leading)\b",
        r"\b(?:never|nobody|no one|everyone|always)\b",
        r"\b(?:der|die|das)\s+(?:erste|einzige|größte|beste|schnellste)|\b(?:el|la)\s+(?:primer|únic[oa]|mayor|mejor)",
        r"最も|最大|最初|唯一",
    ),
    "comparative": (
        r"\b(?:more|less|fewer|better|worse|\p{L}{2,}er)\s+(?:\w+\s+){0,2}than\b",
        r"\b(?:más|menos|mejor|peor)\s+(?:\w+\s+)?que\b|\b\p{L}{2,}er\s+als\b|より",
    ),
    "cause": (
        r"\b(?:because|caused?|causes|led to|leads to|resulted in|results in|thanks to|due to|as a result|therefore)\b",
        r"\b(?:porque|debido a|gracias a|weil|wegen|dank|führte zu)\b|ため|によって",
    ),
    "attribution": (
        r"\b(?:said|says|according to|found that|shows? that|showed that|reported|announced|proved|proves)\b",
        r"\b(?:dijo|según|sagte|laut)\b|によると",
    ),
}
_PATTERNS = {kind: regex.compile("|".join(each), regex.IGNORECASE) for kind, each in _MARKS.items()}
_LINK_TARGET = regex.compile(r"\]\([^)\s]*\)")
_ASKS = regex.compile(r"[?？][\"”’)*_]*$")


class Claim(NamedTuple):
    """A sentence that claims something: where it stands (end exclusive), and by which signs it was taken for one."""

    start: int
    end: int
    text: str
    kinds: tuple[str, ...]


class Standing(NamedTuple):
    """What a claim rests on: receipts that were given, or a passage that was found; neither: nothing."""

    claim: Claim
    receipts: tuple[Receipt, ...]
    passage: Alike | None

    @property
    def holds(self) -> bool:
        """Whether it rests on something."""
        return bool(self.receipts) or self.passage is not None


def spot(text: str, language: str = "en") -> list[Claim]:
    """Return the claims of a text in order; a question claims nothing."""
    found = []
    aside = [(each.start, each.end) for each in links.find(text)]
    aside += [(each.start, each.end) for each in hashtags.find(text)]
    bare = blanked(text, aside)
    for span in sentences.split(text):
        said = bare[span.start : span.end]
        kinds = tuple(_kinds(said, language))
        if kinds and not _ASKS.search(span.text) and len(stems(said)) >= LEAST:
            found.append(Claim(*span, kinds))
    return found


def _kinds(sentence: str, language: str) -> Iterable[str]:
    if any(not (each.spelled and each.text.casefold() in IDLE) for each in figures.find(sentence, language)):
        yield "number"
    if names.find(sentence):
        yield "name"
    if quoted.find(sentence):
        yield "quote"
    yield from (kind for kind, pattern in _PATTERNS.items() if pattern.search(sentence))


def standing(
    claims: Iterable[Claim], receipts: Sequence[Receipt], known: Ground, language: str = "en"
) -> list[Standing]:
    """Return what each claim rests on: the receipts of its line that say much the same, else the best passage."""
    return [_rests(claim, receipts, known, language) for claim in claims]


def _rests(claim: Claim, receipts: Sequence[Receipt], known: Ground, language: str) -> Standing:
    beside = [each for each in receipts if each.span and each.span[0] < claim.end and claim.start < each.span[1]]
    said = _LINK_TARGET.sub("]", claim.text)  # where a link leads is checked as a link
    wanted = stems(said)
    carried = frozenset().union(*(stems(f"{each.title} {each.quote}") for each in beside)) if beside else frozenset()
    if len(wanted & carried) >= SUPPORTED * len(wanted):
        useful = tuple(each for each in beside if stems(f"{each.title} {each.quote}") & wanted)
        return Standing(claim, useful, None)
    return Standing(claim, (), _passage(said, wanted, known, language))


def _passage(said: str, wanted: frozenset[str], known: Ground, language: str) -> Alike | None:
    """Return the passage that says most of a claim, if it says enough: alone, by its figures, or with two others."""
    found = known.passages.like(said, 8)
    if not found or found[0].share >= SUPPORTED:
        return found[0] if found else None
    if counted := [each.values for each in figures.find(said, language)]:
        for each in found[:3]:
            there = frozenset().union(*(other.values for other in figures.find(each.text, language)))
            if all(values & there for values in counted):
                return each
    same = [each for each in found if each.source == found[0].source][:3]
    told = frozenset().union(*(stems(each.text) for each in same))
    return found[0] if len(wanted & told) >= TOGETHER * len(wanted) else None


def supports(line: str, quote: str) -> bool:
    """Say whether a quote has anything to do with the line it is the receipt of."""
    wanted = stems(line)
    return not wanted or bool(wanted & stems(quote))


def findings(stood: Iterable[Standing], others: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return a finding for each claim that rests on nothing, but for those in which something was found already."""
    return tuple(
        Finding(
            rule="unsupported",
            severity="warning",
            message=f"Unsupported: check. No passage of your sources says this ({', '.join(each.claim.kinds)}).",
            span=(each.claim.start, each.claim.end),
        )
        for each in stood
        if not each.holds and not _is_told(each.claim, others)
    )


def _is_told(claim: Claim, others: Sequence[Finding]) -> bool:
    return any(
        each.field == "text" and each.span and each.span[0] < claim.end and claim.start < each.span[1]
        for each in others
    )
