"""Honest drafts: a source's sentences told again as people do, in other formats and orders, with nothing added."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

import regex

from core import sentences
from core.links import links_in
from core.markdown_text import plain
from evals.bench.grounding.forms import listed
from evals.bench.grounding.restating import restated
from evals.bench.grounding.texts import Text

LEANED_ON = 2  # other texts that a draft may rest on, as a brief has its past works
_RICH = regex.compile(r"\d|[“\"«「]|(?<=[\p{Ll},] )\p{Lu}\p{Ll}")
_USABLE = regex.compile(r"^[\p{Lu}\d“\"¿¡«].*[.!?。！？”\"»]$|[。！？]$", regex.DOTALL)
_UNSPACED = ("ja", "zh")


class Case(NamedTuple):
    """A draft, with all that it may rest on."""

    text: str
    sources: tuple[str, ...]
    links: tuple[str, ...]
    language: str
    made: str  # from what it was made


def draft(text: Text, others: Sequence[Text], rng: Random) -> Case | None:
    """Return an honest draft of a text; None where it has too few sentences that can be told."""
    told = _sentences(text)
    if len(told) < 3:
        return None
    chosen = sorted(rng.sample(range(len(told)), min(len(told), rng.randint(2, 4))))
    lines = [restated(told[at], text.language, rng) for at in chosen]
    same = [each for each in others if each.language == text.language and each.name != text.name]
    leaned = rng.sample(same, min(LEANED_ON, len(same)))
    links = tuple(link for each in (text, *leaned) for link in links_in(each.body))
    page = f"https://letters.example/{regex.sub(r'[^a-z0-9]+', '-', text.name.lower()).strip('-')[:40]}"
    return Case(_set_out(lines, text, page, rng), _sources(text, *leaned), (*links, page), text.language, text.name)


def excerpt(text: Text) -> Case | None:
    """Return a person's own short version of a text as a draft; None where there is none."""
    words = plain(text.excerpt).strip()
    if len(words) < 60 or not _USABLE.search(words):
        return None
    return Case(words, _sources(text), tuple(links_in(text.body + text.excerpt)), text.language, text.name)


def _sources(*texts: Text) -> tuple[str, ...]:
    return tuple(f"{each.title}\n{each.body}\n{plain(each.body)}\n{each.stated}" for each in texts)


def _sentences(text: Text) -> list[str]:
    """Return the sentences that can be told, those with a number, a name or a quote twice."""
    found = []
    for span in sentences.split(plain(text.body)):
        said = " ".join(span.text.split())
        size = len(said) // 4 if text.language in _UNSPACED else len(said.split())
        if 5 <= size <= 40 and _USABLE.search(said) and not _unbalanced(said):
            found += [said] * (2 if _RICH.search(said) else 1)
    return list(dict.fromkeys(found)) if len(set(found)) < 3 else found


def _unbalanced(said: str) -> bool:
    return said.count('"') % 2 == 1 or said.count("“") != said.count("”") or said.count("(") != said.count(")")


def _set_out(lines: list[str], text: Text, page: str, rng: Random) -> str:
    """Return the sentences as a post: with an opening, a list, a call and a link, as channels have them."""
    frames = listed("frames", text.language)
    lines = list(dict.fromkeys(lines))
    parts = [rng.choice(frames["open"])] if rng.random() < 0.6 else []
    if rng.random() < 0.2:
        parts.append("\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1)))
    elif rng.random() < 0.3:
        parts.append("\n".join(f"- {line}" for line in lines))
    else:
        parts += [("" if text.language in _UNSPACED else " ").join(lines[:2]), *lines[2:]]
    if rng.random() < 0.6:
        parts.append(rng.choice(frames["close"]))
    if rng.random() < 0.5:
        parts.append(rng.choice([page, f"→ {page}", f"[{frames['read']}]({page})", f"{page}#more"]))
    return "\n\n".join(part for part in parts if part)
