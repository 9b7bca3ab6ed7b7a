"""Generic-writing risk: does it tell people's texts from machines', and how often does it accuse a person?

Every text is cut to its first WORDS words and scored by the product's own code. `auc` and `one_class` are held against
other people's texts, as for somebody without past work. `relative` is the product's usual way: held against the same
source's own texts. A source with at least FEWEST human texts plays the creator; one half of them are the past works,
the other half is new, then the other way round; the machines' texts of the same domain (of all domains, where it has
none) are what must be told. `non_native` repeats the false alarms, general and relative, of sources named so.
"""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from core.errors import BadInput
from evals.bench.voice import area
from memory.generic import risk
from memory.generic.own import Own, measured, own
from memory.voice.prose import Prose, written

WORDS = 100
FEWEST = 20
RAISED = 50.0
FALSE_ALARMS = 0.05

_NON_NATIVE = re.compile(r"toefl|ielts|\bl2\b|non.?native|\besl\b|\befl\b|learner", re.IGNORECASE)
_UP_TO = re.compile(rf"\s*(?:\S+\s+){{{WORDS - 1}}}\S+")


class Row(NamedTuple):
    """One text of the file; label 1: a machine's."""

    domain: str
    source: str
    label: int
    text: str


def run(path: Path) -> dict[str, Any]:
    """Return AUC by domain where both are there, mean scores where one is, and the figures relative to a source."""
    rows = read_rows(path)
    by_domain: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_domain[row.domain].append(row)
    scores = {row: score(row.text) for row in rows}
    both = {name: part for name, part in by_domain.items() if len({row.label for row in part}) == 2}
    relative, alarms = _relative(by_domain), _alarms(rows, scores)
    return {
        "auc": {name: _auc(part, scores) for name, part in sorted(both.items())},
        "one_class": {
            name: round(sum(scores[row] for row in part) / len(part), 2)
            for name, part in sorted(by_domain.items())
            if name not in both
        },
        "words": WORDS,
        "texts": len(rows),
        "relative": relative,
        "hits_at_5_percent": _mean([each["hits_at_5_percent"] for each in relative.values()]),
        "worst_false_alarms": max((each["false_alarms"] for each in relative.values()), default=None),
        "false_alarms_general": alarms,
        "non_native": {name: [share, relative.get(name, {}).get("false_alarms")] for name, share in _foreign(alarms)},
    }


def read_rows(path: Path) -> list[Row]:
    """Read a gzipped JSONL file of `domain, src, label, text`. Raises BadInput with the line that is off."""
    rows = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                data = json.loads(line)
                rows.append(Row(str(data["domain"]), str(data["src"]), int(data["label"]), _cut(str(data["text"]))))
            except (ValueError, KeyError, TypeError) as error:
                raise BadInput(f"{path}, line {number}: {error!r}", "Each line: domain, src, label, text.") from error
    return rows


def score(text: str, against: Own | None = None) -> float:
    """Return a text's risk, 0 to 100; a text that the product says nothing of stands in the middle of what it says."""
    said = risk(text, against, locale="en").score
    return RAISED / 2 if said is None else said


def _cut(text: str) -> str:
    found = _UP_TO.match(text)
    return found[0] if found else text


def _auc(rows: Sequence[Row], scores: dict[Row, float]) -> float:
    people = [scores[row] for row in rows if row.label == 0]
    return round(area([scores[row] for row in rows if row.label == 1], people), 4)


def _relative(by_domain: dict[str, list[Row]]) -> dict[str, Any]:
    machines = [row for part in by_domain.values() for row in part if row.label == 1]
    found: dict[str, Any] = {}
    for domain, part in sorted(by_domain.items()):
        for source in sorted({row.source for row in part if row.label == 0}):
            mine = [row.text for row in part if row.source == source and row.label == 0]
            if len(mine) < FEWEST:
                continue
            theirs = [row.text for row in part if row.label == 1] or [row.text for row in machines]
            halves = ((mine[::2], mine[1::2]), (mine[1::2], mine[::2]))
            parts = [figures for past, new in halves if (figures := _against(_own(past), new, theirs))]
            if parts:
                found[f"{domain}/{source}"] = {name: _mean([each[name] for each in parts]) for name in parts[0]}
    return found


def _against(against: Own | None, mine: Sequence[str], theirs: Sequence[str]) -> dict[str, float]:
    if against is None:
        return {}
    people = sorted((score(text, against) for text in mine), reverse=True)
    machines = [score(text, against) for text in theirs]
    bar = people[int(FALSE_ALARMS * len(people))]
    return {
        "works": against.works,
        "auc": area(machines, people),
        "false_alarms": _share(people, RAISED),
        "hits": _share(machines, RAISED),
        "hits_at_5_percent": sum(each > bar for each in machines) / len(machines),
    }


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _foreign(alarms: dict[str, float]) -> list[tuple[str, float]]:
    """Return the sources whose name says that they write in a second language, with their false alarms."""
    return [(name, share) for name, share in alarms.items() if _NON_NATIVE.search(name)]


def _alarms(rows: Sequence[Row], scores: dict[Row, float]) -> dict[str, float]:
    """Return, by source, how many of people's texts are called raised when nothing of theirs is known."""
    by_source: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        if row.label == 0:
            by_source[f"{row.domain}/{row.source}"].append(scores[row])
    return {source: _share(found, RAISED) for source, found in sorted(by_source.items())}


def _own(texts: Sequence[str]) -> Own | None:
    levels = (measured(Prose.of(written(text))) for text in texts)
    return own([each for each in levels if each is not None])


def _share(scores: Sequence[float], bar: float) -> float:
    return round(sum(each >= bar for each in scores) / len(scores), 4)
