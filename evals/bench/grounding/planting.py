"""What a model makes up, put into an honest draft: a number, a name, a quote or a link that stands in no source."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple
from urllib.parse import urlsplit

import regex

from core import sentences
from evals.bench.grounding.facts import locale_months
from evals.bench.grounding.forms import listed
from evals.bench.grounding.honest import Case

_UNSPACED = ("ja", "zh")
_ATTEMPTS = 40
_DIGITS = regex.compile(r"\d+")
_QUOTE = regex.compile(r"[“\"«„]([^“”\"«»„\n]{25,})[”\"»“]")
_PERSON = regex.compile(r"(?<=[\p{Ll},] )\p{Lu}\p{Ll}{2,} (\p{Lu}\p{Ll}{3,})\b")
_NUMBER = regex.compile(r"(?<![\d.,:/\p{L}-])\d{2,3}(?![\d.,:/\p{L}-])")


class Planted(NamedTuple):
    """A draft with something made up in it, where it stands (end exclusive), and how it was put there."""

    text: str
    start: int
    end: int
    how: str


def number(case: Case, rng: Random) -> Planted | None:
    """Plant a number: a sentence of its own, or another one in the place of a true one."""
    there = {
        part.lstrip("0")
        for text in case.sources
        for part in _DIGITS.findall(regex.sub(r"(?<=\d)[,.\s](?=\d{3})", "", text))
    }
    there |= {part.lstrip("0") for text in case.sources for part in _DIGITS.findall(text)}
    if rng.random() < 0.25 and (true := list(_NUMBER.finditer(case.text))):
        match, new = rng.choice(true), str(_new(there, rng, 11, 989))
        return Planted(
            case.text[: match.start()] + new + case.text[match.end() :],
            match.start(),
            match.start() + len(new),
            "swapped",
        )
    form = rng.choice(listed("numbers", case.language))
    words = [
        word
        for word in listed("small", case.language).split()[3:]
        if not any(word in text.casefold() for text in case.sources)
    ]
    if "{w}" in form and not words:
        return None
    months = locale_months(case.language)
    month = rng.choice([at for at in months if str(at) not in there] or list(months))
    value = _new(there, rng, 13, rng.choice([99, 999, 9_999]))
    word = rng.choice(words) if words else ""
    said = form.format(
        n=value, n2=value + rng.randrange(2, 9), N=f"{value * 1000 + 7:,}", k=rng.randrange(1, 9),
        y=_new(there, rng, 1951, 2049), month=months[month], m=month, d=_new(there, rng, 1, 28),
        h=rng.randrange(10, 23), t=_new(there, rng, 11, 58), w=word, W=word.capitalize(),
    )  # fmt: skip
    return _put(case, said, rng, form)


def _new(there: set[str], rng: Random, least: int, most: int) -> int:
    for _ in range(_ATTEMPTS):
        value = rng.randint(least, most)
        if str(value) not in there:
            break
    return value


def name(case: Case, rng: Random) -> Planted | None:
    """Plant a name: of somebody, of a place or a firm, or another surname behind a true first name."""
    all_said = " ".join(case.sources).casefold()
    if case.language == "en" and rng.random() < 0.2 and (true := list(_PERSON.finditer(case.text))):
        match, new = rng.choice(true), rng.choice(["Pemberton", "Okonjo", "Halvorsen", "Tran", "Whitlock"])
        start = match.start(1)
        return Planted(case.text[:start] + new + case.text[match.end() :], start, start + len(new), "another surname")
    form = rng.choice(listed("names", case.language))
    people = [each for each in listed("made_people", case.language) if each.casefold() not in all_said]
    one, two = rng.sample(people, 2)
    organisation = rng.choice(listed("made_orgs", case.language))
    values = {
        "p": one, "p2": two, "f": two.split()[-1], "g": one.split()[0],
        "c": rng.choice(listed("made_cities", case.language)), "b": rng.choice(listed("made_brands", case.language)),
        "o": organisation, "handle": rng.choice(["lumora_hq", "elena.v", "snowpine"]),
        "a": "".join(word[0] for word in organisation.split() if word[0].isupper()) + rng.choice("QXZ"),
    }  # fmt: skip
    if any(str(values[key]).casefold() in all_said for key in regex.findall(r"\{(\w+)\}", form)):
        return None
    return _put(case, form.format(**values), rng, form)


def quote(case: Case, rng: Random) -> Planted | None:
    """Plant a quote: one that nobody said, or a true one with a word changed, put in, or moved."""
    marks = rng.choice(listed("marks", case.language))
    true = [match[1] for text in case.sources for match in _QUOTE.finditer(text) if len(match[1].split()) > 5]
    told = [
        span.text
        for span in sentences.split(case.sources[0])
        if 8 < len(span.text.split()) < 30 and '"' not in span.text
    ]
    how, said = "made up", rng.choice(listed("made_quotes", case.language))
    if case.language not in _UNSPACED and (true or told) and rng.random() < 0.45:
        how, said = rng.choice(_SPOILT)(rng.choice(true or told), rng)
    if said.casefold() in " ".join(case.sources).casefold():
        return None
    if "%s'" in marks or "%s’" in marks:
        said = regex.sub(r"['’‘]", "", said)
    marked = marks.replace("%s", said.strip(' “”"«»„'))
    form = "{q}" if "\n" in marks else rng.choice(listed("speech", case.language))
    planted = _put(case, form.format(q=marked), rng, f"{how} {marks.strip()}")
    at = planted.text.find(said.strip(' “”"«»„'), planted.start)
    return planted._replace(start=at, end=at + len(said))


def _negated(said: str, rng: Random) -> tuple[str, str]:
    parts = said.split()
    at = rng.randrange(2, len(parts) - 1)
    return "a word put in", " ".join([*parts[:at], "never", *parts[at:]])


def _changed(said: str, rng: Random) -> tuple[str, str]:
    parts = said.split()
    long = [at for at, part in enumerate(parts) if part.isalpha() and len(part) > 4] or [1]
    parts[rng.choice(long)] = rng.choice(["trombones", "failure", "quietly", "money"])
    return "a word changed", " ".join(parts)


def _dropped(said: str, _: Random) -> tuple[str, str]:
    parts = said.split()
    del parts[len(parts) // 2]
    return "a word left out unsaid", " ".join(parts)


_SPOILT: list[Callable[[str, Random], tuple[str, str]]] = [_negated, _changed, _dropped]


def link(case: Case, rng: Random) -> Planted | None:
    """Plant a link: to a made-up place, or one that looks like a true one."""
    true = [each for each in case.links if urlsplit(each).hostname and "." in (urlsplit(each).hostname or "")]
    how = rng.choice(list(_LINKS))
    if how.startswith("known") and not true:
        how = "made up"
    address = _LINKS[how](rng.choice(true) if true else "", rng)
    if not address or any(_bare(address) == _bare(each) for each in case.links) or address in " ".join(case.sources):
        return None
    if how == "a true label":
        said = f"[{rng.choice(case.links)}]({address})" if case.links else f"[Here]({address})"
        return _put(case, said, rng, how)
    planted = _put(case, rng.choice(listed("links", case.language)).format(u=address), rng, how)
    at = planted.text.find(address, planted.start)
    return planted._replace(start=at, end=at + len(address))


def _bare(address: str) -> str:
    return regex.sub(r"^https?://(www\.)?|[/#]*$", "", address.casefold())


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _one_of(kind: str) -> Callable[[str, Random], str]:
    return lambda _, rng: str(rng.choice(listed("made_links", "en")[kind]))


def _behind(kind: str) -> Callable[[str, Random], str]:
    return lambda url, rng: f"https://{_host(url)}/{rng.choice(listed('made_links', 'en')[kind])}"


_LINKS: dict[str, Callable[[str, Random], str]] = {
    "made up": _one_of("whole"),
    "a bare domain": _one_of("bare"),
    "a mail address": _one_of("mail"),
    "another protocol": _one_of("protocol"),
    "in another script": _one_of("script"),
    "known host, another path": _behind("paths"),
    "known place, another query": lambda url, rng: (
        url.partition("#")[0].partition("?")[0] + rng.choice(listed("made_links", "en")["queries"])
    ),
    "known host, one more before it": lambda url, rng: f"https://{rng.choice(['login', 'm', 'shop'])}.{_host(url)}/",
    "known host, longer": lambda url, rng: f"https://{_host(url)}.{rng.choice(['co', 'verify.com'])}/",
    "known host as a user": lambda url, _: f"https://{_host(url)}@lumora.com/x",
    "known host, misspelt": lambda url, rng: f"https://{_host(url)[:-5]}{rng.choice('xqz')}{_host(url)[-5:]}/",
    "a true label": lambda _, rng: rng.choice(["https://lumora.com/x", "https://quibbly.example/y"]),
}


def _put(case: Case, said: str, rng: Random, how: str) -> Planted:
    """Put a sentence behind one of the draft's, or at its end or beginning."""
    ends = [span.end for span in sentences.split(case.text)] or [len(case.text)]
    at = rng.choice([*ends, len(case.text)])
    glue = "" if case.language in _UNSPACED else " "
    glue = rng.choice([glue, "\n\n"]) if not said.startswith("\n") else ""
    start = at + len(glue)
    behind = "" if case.text[at:].startswith(("\n", " ")) or case.language in _UNSPACED else " "
    return Planted(case.text[:at] + glue + said + behind + case.text[at:], start, start + len(said), how)


KINDS: dict[str, Callable[[Case, Random], Planted | None]] = {
    "number": number,
    "name": name,
    "quote": quote,
    "link": link,
}
