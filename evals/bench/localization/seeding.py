"""Errors put into good translations, one of a kind at a time; None where a pair cannot carry one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

import regex

from evals.bench.localization.planting import TOKENS, plant
from evals.bench.localization.rows import Row, names_in

Seeder = Callable[["Case"], Row | None]
Way = Callable[["Case"], str]

SHORTEST_CUT = (
    24  # letters of a translation (a Chinese sign counts as two) below which a cut can't be told from brevity
)
SHORTEST_PROSE = 5  # words, or ten signs

_FIND = {
    "placeholder": regex.compile(r"\{\{[^{}]+\}\}|\$?\{\w+\}|%\(\w+\)s|%\d?\$?s"),
    "handle": regex.compile(r"(?<![\w/.@`\[])@\w[\w.-]*\w(?:@[\w.-]*\w)?"),
    "hashtag": regex.compile(r"(?<![\w&/#`(\[])#\p{L}[\p{L}\p{N}_]+"),
    "emoji": regex.compile(r"(?=\p{Emoji_Presentation})\X|\p{Extended_Pictographic}\ufe0f\X?"),
    "url": regex.compile(r"https?://[\w./?=&%-]+[\w/]"),
}
_CODE = regex.compile(r"`[^`]*`|https?://\S+|\{[^{}]*\}|<[^<>]*>")
_NUMBER = regex.compile(r"(?<![\p{Latin}\p{N}_.,:/@#&;'’-])\d+(?![\d\p{Latin}_:/’'-]|[.,]\d|[.)]\s|[.)]$)")
_WORD = regex.compile(r"(?<![\p{L}\p{N}'’@#_./-])\p{L}{2,}(?![\p{L}\p{N}'’@_/-]|\.\w)")
_RUN = regex.compile(r"[\p{Katakana}ー]{3,10}|\p{Han}{2,4}")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
_SENTENCE = regex.compile(
    r"[^.!?。！？]+(?:[.!?]+(?=\s|$)|[。！？])|[^.!?。！？]+(?:[.!?](?!\s)[^.!?。！？]*)+(?:[.!?]+(?=\s|$))?"
)
_LAST = regex.compile(r"[.?:。？：](?=[\s\"”»」)）*_]*$)")
_SWAPS = {".": "?", "?": ".", "。": "？", "？": "。", ":": "?", "：": "？"}


@dataclass(frozen=True)
class Pool:
    """What errors are made of: all pairs by language, and the names that stay as they are."""

    rows: Mapping[str, Sequence[Row]]
    names: frozenset[str]

    def word(self, language: str, random: Random) -> str:
        """Return a word that somebody wrote in a language."""
        for _ in range(20):
            words = _WORD.findall(random.choice(self.rows[language]).tgt)
            if words:
                return str(random.choice(words))
        return "x"


class Case(NamedTuple):
    """A pair that an error is put into, and the token that goes wrong."""

    pool: Pool
    row: Row
    random: Random
    token: str = ""


def _token(kind: str) -> Seeder:
    def seed(case: Case) -> Row | None:
        row, random = case.row, case.random
        both = [each for each in _FIND[kind].findall(row.src) if row.src.count(each) == row.tgt.count(each)]
        if both:
            token = random.choice(both)
        else:
            token = random.choice(TOKENS[kind])
            row = plant(row, token, random)
        wrong = random.choice(_WAYS[kind])(Case(case.pool, row, random, token))
        return _replaced(row, token, wrong, random)

    return seed


def _replaced(row: Row, token: str, wrong: str, random: Random) -> Row | None:
    """Return the pair with one of its tokens gone wrong in the translation."""
    places = [match.start() for match in regex.finditer(regex.escape(token), row.tgt)]
    if not places or wrong.rstrip("/") == token.rstrip("/"):
        return None
    at = random.choice(places)
    return row._replace(tgt=row.tgt[:at] + wrong + row.tgt[at + len(token) :])


def _dropped(_: Case) -> str:
    return ""


def _twice(case: Case) -> str:
    token = case.token
    return f"{token} {token}"


def _one_letter_off(case: Case) -> str:
    """Return the token with one of its letters or digits another one, left out, or doubled."""
    token, random = case.token, case.random
    start = token.find("://") + 3 if "://" in token else 0
    places = [at for at, char in enumerate(token) if at >= start and char.isascii() and char.isalnum()]
    at = random.choice(places)
    other = random.choice([each for each in "abcdefghijklmnopqrstuvwxyz" if each != token[at].lower()])
    return token[:at] + random.choice((other, "", token[at] * 2)) + token[at + 1 :]


def _translated(case: Case) -> str:
    """Return the token with its name in the words of the language."""
    row, token, random, pool = case.row, case.token, case.random, case.pool
    word = pool.word(row.lang, random)
    name = regex.search(r"\p{L}{2,}[\p{L}_ ]*", token)
    return token.replace(name[0], word, 1) if name and word.casefold() != name[0].casefold() else ""


def _bare(case: Case) -> str:
    token = case.token
    return token.lstrip("@#")


def _unclosed(case: Case) -> str:
    token = case.token
    return token[:-1] if len(token) > 2 else ""


def _another_emoji(case: Case) -> str:
    token, random = case.token, case.random
    return random.choice([each for each in TOKENS["emoji"] if each != token])


def _cut_link(case: Case) -> str:
    token, random = case.token, case.random
    return token[: random.randrange(token.find("://") + 4, len(token.partition("?")[0]))]


def _another_host(case: Case) -> str:
    token = case.token
    return regex.sub(r"(?<=://)[^/]+", "www.example.net", token)


_WAYS: dict[str, tuple[Way, ...]] = {
    "placeholder": (_dropped, _translated, _unclosed, _twice),
    "handle": (_dropped, _one_letter_off, _bare, _translated),
    "hashtag": (_dropped, _one_letter_off, _bare, _translated),
    "emoji": (_dropped, _another_emoji, _twice),
    "url": (_dropped, _one_letter_off, _cut_link, _another_host),
}


def _number(case: Case) -> Row | None:
    row, random = case.row, case.random
    both = [each for each in _numbers(row.src) if _numbers(row.src).count(each) == _numbers(row.tgt).count(each)]
    number = random.choice(both or TOKENS["number"])
    if not both:
        row = plant(row, number, random)
    places = [span for span in _number_places(row.tgt) if row.tgt[slice(*span)] == number]
    if not places:
        return None
    start, end = random.choice(places)
    at = random.randrange(len(number))
    digit = random.choice([each for each in "123456789" if each != number[at]])
    wrong = random.choice(("", number[:at] + digit + number[at + 1 :], number + random.choice("0123456789")))
    return row._replace(tgt=row.tgt[:start] + wrong + row.tgt[end:])


def _numbers(text: str) -> list[str]:
    return [text[slice(*span)] for span in _number_places(text)]


def _number_places(text: str) -> list[tuple[int, int]]:
    inside = [match.span() for match in _CODE.finditer(text)]
    found = [match.span() for match in _NUMBER.finditer(text)]
    return [span for span in found if not any(start <= span[0] < end for start, end in inside)]


def _name(case: Case) -> Row | None:
    """Lose a name that stays as it is: left out, misspelt, or in the language's own words."""
    row, random, pool = case.row, case.random, case.pool
    plain = _CODE.sub(lambda found: " " * len(found[0]), row.tgt)
    there = sorted(name for name in names_in(row.src) & pool.names if len(_whole(name, plain)) == row.src.count(name))
    if not there:
        return None
    name = random.choice(there)
    wrong = random.choice((_dropped, _one_letter_off, _translated))(Case(pool, row, random, name))
    if wrong == name:
        return None
    target = row.tgt
    for start, end in reversed(_whole(name, plain)):  # a translator who calls it something else does so throughout
        target = target[:start] + wrong + target[end:]
    return row._replace(tgt=target)


def _whole(name: str, text: str) -> list[tuple[int, int]]:
    return [
        match.span()
        for match in regex.finditer(rf"(?<![\p{{Latin}}\p{{N}}_.@/-]){name}(?![\p{{Latin}}\p{{N}}_@/-]|\.\w)", text)
    ]


def _untranslated(case: Case) -> Row | None:
    """Leave the whole segment in the source's language, where it is prose and not a name."""
    row = case.row
    return row._replace(tgt=row.src) if _is_prose(row.src) and _differ(row.src, row.tgt) else None


def _sentence(case: Case) -> Row | None:
    """Leave one sentence of several in the source's language."""
    row, random = case.row, case.random
    ours, theirs = _sentences(row.src), _sentences(row.tgt)
    if len(ours) < 2 or len(ours) != len(theirs):
        return None
    fit = [
        at
        for at, (start, end) in enumerate(ours)
        if _is_prose(row.src[start:end]) and _differ(row.src[start:end], row.tgt[slice(*theirs[at])])
    ]
    if not fit:
        return None
    at = random.choice(fit)
    (start, end), (first, last) = ours[at], theirs[at]
    left = row.src[start:end].strip()
    pieces = (row.tgt[:first].strip(), left, row.tgt[last:].strip())
    return row._replace(tgt=" ".join(piece for piece in pieces if piece))


def _sentences(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _SENTENCE.finditer(text) if match[0].strip()]


def _is_prose(text: str) -> bool:
    """Say whether a text has words of a language: five of them, three in small letters."""
    words = _WORD.findall(_CODE.sub(" ", text))
    return len(words) >= SHORTEST_PROSE and sum(word.islower() for word in words) >= 3


def _differ(source: str, target: str) -> bool:
    """Say whether a person translated it: half of the source's words are not in the translation."""
    words = {word.casefold() for word in _WORD.findall(_CODE.sub(" ", source))}
    there = {word.casefold() for word in _WORD.findall(target)}
    return len(words & there) * 2 <= len(words)


def _language(case: Case) -> Row | None:
    """Take a translation into another language, the same text's where there is one, else one about as long."""
    row, random, pool = case.row, case.random, case.pool
    others = [each for language, rows in pool.rows.items() if language != row.lang for each in rows]
    same = [each for each in others if each.src == row.src]
    fit = [each for each in same or random.sample(others, min(50, len(others))) if _has_prose(each)]
    if not fit:
        return None
    chosen = random.choice(fit) if same else min(fit, key=lambda each: abs(len(each.src) - len(row.src)))
    return row._replace(tgt=chosen.tgt)


def _has_prose(row: Row) -> bool:
    """Say whether a translation has enough of its language to tell it by: five words that are not the source's."""
    plain = _CODE.sub(" ", row.tgt)
    if len(_UNSPACED.findall(plain)) >= 2 * SHORTEST_PROSE:
        return True
    source = {word.casefold() for word in _WORD.findall(row.src)}
    return len([word for word in _WORD.findall(plain) if word.islower() and word not in source]) >= SHORTEST_PROSE


def _doubled(case: Case) -> Row | None:
    row, random = case.row, case.random
    plain = _CODE.sub(lambda found: " " * len(found[0]), row.tgt)
    unspaced = _UNSPACED.search(plain) is not None
    places = [match.span() for match in (_RUN if unspaced else _WORD).finditer(plain)]
    if not places:
        return None
    start, end = random.choice(places)
    return row._replace(tgt=f"{row.tgt[:end]}{'' if unspaced else ' '}{row.tgt[start:]}")


def _end(case: Case) -> Row | None:
    """Lose the mark at the end, or end a question as a sentence and the other way round."""
    row, random = case.row, case.random
    ours, theirs = _LAST.search(row.src), _LAST.search(row.tgt)
    if (
        not ours
        or not theirs
        or _SWAPS[ours[0]] not in _alike(_SWAPS[theirs[0]])
        or _LAST.search(row.tgt, 0, theirs.start())
    ):
        return None
    asks_anyway = row.tgt[: theirs.start()].endswith("か")
    wrong = "" if asks_anyway else random.choice(("", _SWAPS[theirs[0]]))
    return row._replace(tgt=row.tgt[: theirs.start()] + wrong + row.tgt[theirs.end() :])


def _alike(mark: str) -> str:
    return {"?": "?？", "？": "?？", ".": ".。", "。": ".。"}[mark]


def _truncation(case: Case) -> Row | None:
    """Cut off the last 30 to 60 % of a translation, after a word."""
    row, random = case.row, case.random
    size = len(row.tgt) + len(_UNSPACED.findall(row.tgt))
    if size < SHORTEST_CUT:
        return None
    at = int(len(row.tgt) * random.uniform(0.4, 0.7))
    if not _UNSPACED.search(row.tgt):
        while at > 1 and not row.tgt[at].isspace():
            at -= 1
    left = row.tgt[:at].rstrip()
    return row._replace(tgt=left) if left and len(left) <= 0.75 * len(row.tgt) else None


SEEDERS: dict[str, Seeder] = {
    "placeholder": _token("placeholder"),
    "url": _token("url"),
    "handle": _token("handle"),
    "hashtag": _token("hashtag"),
    "emoji": _token("emoji"),
    "number": _number,
    "dnt": _name,
    "untranslated": _untranslated,
    "sentence": _sentence,
    "language": _language,
    "doubled": _doubled,
    "end_punctuation": _end,
    "truncation": _truncation,
}
