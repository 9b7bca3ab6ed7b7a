"""`greenroom bench grounding`: honest drafts and the same with something made up, through the product's own check."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from core.drafts import Content, Finding
from core.grounding import claims, findings, ground, language_of
from evals.bench.grounding import facts, honest
from evals.bench.grounding.honest import Case
from evals.bench.grounding.planting import KINDS, Planted
from evals.bench.grounding.texts import Text, read

FACTS = 0.25  # of the drafts, where a file is given: facts in ten languages; all of them without one
_TRIES = 200

Progress = Callable[[str, int, int], None]


def run(
    path: Path | None,
    *,
    cases: int = 200,
    seed: int = 0,
    show: Callable[[str], None] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return recall by kind over planted drafts, and false alarms over as many honest ones; `show` hears misses."""
    rng = Random(f"grounding {seed}")
    texts = read(path) if path else []
    tell = show or (lambda _: None)
    found, planted, accused = Counter[str](), Counter[str](), Counter[str]()
    for at in range(cases):
        kind = list(KINDS)[at % len(KINDS)]
        case, wrong = _case(kind, texts, rng)
        planted[kind] += 1
        if _is_found(case, wrong):
            found[kind] += 1
        else:
            tell(f"missed {kind} ({wrong.how}), {case.made}: {wrong.text[max(0, wrong.start - 30) : wrong.end + 20]!r}")
        _accused(_honest(texts, rng), accused, tell)
        if progress:
            progress("cases", at + 1, cases)
    people = [each for text in texts if (each := honest.excerpt(text))]
    doubted = Counter[str]()
    for case in people:
        _accused(case, doubted, tell)
    return {
        "cases": cases,
        "seed": seed,
        "recall": {kind: round(found[kind] / planted[kind], 4) for kind in KINDS if planted[kind]},
        "missed": cases - found.total(),
        "false_alarms": round(accused["drafts"] / cases, 4),
        "accused_of": {rule: count for rule, count in sorted(accused.items()) if rule != "drafts"},
        "excerpts": {"drafts": len(people), "with_findings": doubted["drafts"]},
    }


def _honest(texts: Sequence[Text], rng: Random) -> Case:
    while texts and rng.random() > FACTS:
        if case := honest.draft(rng.choice(texts), rng.sample(texts, min(len(texts), 12)), rng):
            return case
    return facts.told(rng)


def _case(kind: str, texts: Sequence[Text], rng: Random) -> tuple[Case, Planted]:
    for _ in range(_TRIES):
        case = _honest(texts, rng)
        if wrong := KINDS[kind](case, rng):
            return case, wrong
    raise RuntimeError(f"no draft in which a {kind} could be planted")


def _is_found(case: Case, wrong: Planted) -> bool:
    told = findings(Content(text=wrong.text), case.sources, case.links, case.language)
    return any(
        each.rule.startswith("invented_") and each.span and each.span[0] < wrong.end and wrong.start < each.span[1]
        for each in told
    )


def _accused(case: Case, counts: Counter[str], tell: Callable[[str], None]) -> None:
    """Count the draft if anything but a note is found in it."""
    told = [each for each in checked(case) if each.severity != "note"]
    counts["drafts"] += bool(told)
    for each in told:
        counts[each.rule] += 1
        start, end = each.span or (0, 0)
        tell(f"accused ({each.rule}), {case.made}: {each.message} {case.text[max(0, start - 40) : end + 30]!r}")


def checked(case: Case) -> tuple[Finding, ...]:
    """Return all that the product finds in a draft: what stands in no source, and claims that nothing supports."""
    told = findings(Content(text=case.text), case.sources, case.links, case.language)
    language = language_of(case.text, case.language)
    stood = claims.standing(claims.spot(case.text, language), (), ground(case.sources, language), language)
    return (*told, *claims.findings(stood, told))
