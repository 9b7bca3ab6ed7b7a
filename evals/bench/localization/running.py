"""`greenroom bench localization`: seed errors by kind, run the product's own checks, count."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from core.facts import BrandFact
from core.localization import findings
from evals.bench.localization.rows import SOURCE, Row, by_language, names, read
from evals.bench.localization.seeding import SEEDERS, Case, Pool

RULES = {"dnt": "do_not_translate"}
"""The kinds whose rule has another name."""

Progress = Callable[[str, int, int], None]


def run(
    path: Path, *, seed: int = 0, progress: Progress | None = None, told: Callable[[str], None] | None = None
) -> dict[str, dict[str, float | None]]:
    """Return for each kind the share of seeded errors found and of untouched pairs accused; `told` hears counts."""
    rows = read(path)
    pool = Pool(by_language(rows), names(rows))
    facts = _facts(pool.names)
    accused = dict.fromkeys(SEEDERS, 0)
    found, seeded = dict.fromkeys(SEEDERS, 0), dict.fromkeys(SEEDERS, 0)
    for number, row in enumerate(rows):
        for kind in _kinds(row, facts):
            accused[kind] += 1
        for kind, seeder in SEEDERS.items():
            wrong = seeder(Case(pool, row, Random(f"{seed}:{kind}:{number}")))
            if wrong and wrong.tgt.strip() and wrong != row:
                seeded[kind] += 1
                found[kind] += kind in _kinds(wrong, facts)
        if progress:
            progress("pairs", number + 1, len(rows))
    if told:
        told(", ".join(f"{kind} {count}" for kind, count in seeded.items()))
    return {
        kind: {
            "recall": round(found[kind] / seeded[kind], 4) if seeded[kind] else None,
            "false_alarms": round(accused[kind] / len(rows), 4),
        }
        for kind in SEEDERS
    }


def _kinds(row: Row, facts: list[BrandFact]) -> set[str]:
    """Return the kinds of error that the product finds in a pair."""
    mine = [fact for fact in facts if fact.term in row.src]
    told = {each.rule for each in findings(row.src, row.tgt, row.lang, source_locale=SOURCE, facts=mine)}
    return {kind for kind in SEEDERS if RULES.get(kind, kind) in told}


def _facts(names: frozenset[str]) -> list[BrandFact]:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        BrandFact(
            id=f"f{at}",
            version=1,
            workspace="bench",
            kind="keep",
            term=name,
            case=True,
            valid_from=day,
            recorded_at=day,
            recorded_by="bench",
            seq=0,
        )
        for at, name in enumerate(sorted(names))
    ]
