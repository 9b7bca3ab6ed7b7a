"""Whether a sentence says itself whom and what it speaks of."""

import re

_HUMAN = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself)\b", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:it|its|they|them|their|theirs|itself|themselves)\b", re.IGNORECASE)
_SOMEONE = re.compile(
    r"(?<!\bin )(?<!\bon )(?<!\bat )(?<!\bof )(?<!\bfor )(?<!\bwith )\b(?:an?|my|our|one|every|each|no)\s+\w+"
    r"|\b(?:who|everyone|everybody|nobody|someone|somebody|people)\b",
    re.IGNORECASE,
)
_SOMETHING = re.compile(
    r"\b(?:an?|the|my|our|your|every|each|no|some|any|all|many|most|\d+|two|three|four|five|ten)\s+[\w-]+|\b[a-z]{3,}s\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<=\S )[A-Z][\w’'-]+"
    r"|^[A-Z][\w’'-]+(?= (?:[A-Z]|said|says|was|is|has|had|went|came|took|wrote|asked|told|[a-z]+ed\b))"
)
_NOBODY = re.compile(
    r"(?:The|A|An|In|On|At|When|If|As|By|For|From|With|After|Before|While|Since|I|We|You|What|How|Why|My|Our|Your|January"
    r"|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday"
    r"|Friday|Saturday|Sunday|Christmas|Easter)$"
)
_VERB = re.compile(
    r"(?<=\s)(?:\w+(?:s|ed|n['’]t|['’](?:s|re|ve|ll|d|m))|is|are|was|were|be|been|am|has|have|had|do|does|did|will|would|can|could|may"
    r"|might|must|should|shall|let|make|get|go|said|went|came|took|gave|got|made|kept|knew|saw|found|told|wrote|read|began|became"
    r"|brought|built|bought|felt|held|heard|left|led|lost|met|paid|put|ran|sat|sent|set|sold|spent|spoke|stood|thought|understood"
    r"|won|grew|drew|flew|broke|chose|drove|fell|rose|wore|need|want|know|think|like|love|use|work|help|mean|keep|find|see|say"
    r"|take|come|give|show|try|start|turn|run|write|build|learn|test|hire|serve|believe)(?=\W)",
    re.IGNORECASE,
)


_NOUN_AND_HOW = re.compile(
    r"^(?:The|A|An|My|Our|Your)\b[^,.;:]{0,80}?\b(?:and|of|about)\s+(?=(?:how|why|what)\b)", re.IGNORECASE
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|be|been|am|has|have|had|do|does|did|will|would|can|could|may|might|must|should|makes?|made|goes|went"
    r"|comes?|came|takes?|took|gives?|gave|gets?|got|means?|meant|shows?|keeps?|kept|needs?|helps?|works?|tells?|told)\b"
    r"|\w['’](?:s|re|ve|ll|d|m)\b",
    re.IGNORECASE,
)


def is_fragment(text: str) -> bool:
    """Say whether it is only a topic, as talk has it: "The role of mirror neurons and how they're connected."."""
    named = _NOUN_AND_HOW.match(text)
    if not named or _FINITE.search(text[: named.end()]):
        return False
    return len(_FINITE.findall(text[named.end() :])) <= 1


def says_of_whom(text: str) -> bool:
    """Say whether every "she" and "it" comes after somebody or something it can mean."""
    human, other = _HUMAN.search(text), _OTHER.search(text)
    if human and not _anyone(text[: human.start()]):
        return False
    return not (other and other.start() < _EARLY and not _anything(text[: other.start()]))


def has_verb(text: str) -> bool:
    """Say whether it looks like a whole sentence rather than a label (not judged beyond the common verb forms)."""
    return _VERB.search(text) is not None


_EARLY = 60  # characters: later on, something was mentioned


def _anyone(before: str) -> bool:
    named = any(not _NOBODY.match(name) for name in _NAME.findall(before))
    return named or _SOMEONE.search(before) is not None


def _anything(before: str) -> bool:
    return _anyone(before) or _SOMETHING.search(before) is not None
