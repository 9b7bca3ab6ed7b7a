"""Make the statistics that `core.tongues` and `core.localization.lengths` ship. Run by hand, where the sources are.

`python -m evals.make_language_statistics HELP UDHR`: HELP is the folder of the GNOME desktop's help pages by language
(`help/C`, `help/es`, …), UDHR that of the Universal Declaration of Human Rights as one page per language. Both cards
(`core/tongues.md`, `core/localization/lengths.md`) name the sources and their licences.
"""

import gzip
import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from core.localization.lengths import size
from core.localization.pair import Pair
from core.tongues import triples

KEPT = 800  # triples of each language: more gained little
LEAST_PAIRS = 300
_DECLARATION = {
    "LATIN": "en:eng es:spa pt:por_BR fr:fra de:deu_1996 it:ita nl:nld sv:swe da:dan nb:nob fi:fin pl:pol cs:ces "
    "sk:slk tr:tur ro:ron_2006 ca:cat gl:glg hu:hun hr:hrv sl:slv lt:lit lv:lav et:est vi:vie id:ind eu:eus",
    "CYRILLIC": "ru:rus uk:ukr bg:bul sr:srp_cyrl mk:mkd be:bel",
    "ARABIC": "ar:arb fa:pes_1 ur:urd",
    "DEVANAGARI": "hi:hin mr:mar",
}
_FOLDERS = {"pt_BR": "pt", "pt": "pt-PT", "zh_CN": "zh", "sr@latin": ""}


def main() -> None:
    """Write both files where they belong."""
    pages, declaration = Path(sys.argv[1]), Path(sys.argv[2])
    pairs = {code: list(_pairs(pages, folder)) for folder in sorted(_languages(pages)) if (code := _code(folder))}
    core = Path("core")
    body = json.dumps(_tongues(pairs, declaration), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    (core / "tongues.json.gz").write_bytes(gzip.compress(body.encode(), 9, mtime=0))
    lengths = {
        code: found
        for code, each in sorted(pairs.items())
        if len(each) >= LEAST_PAIRS and (found := _lengths(each, code))
    }
    text = json.dumps(lengths, indent=1)
    (core / "localization" / "lengths.json").write_text(text + "\n", encoding="utf-8")


def _languages(pages: Path) -> list[str]:
    return [each.name for each in pages.iterdir() if each.name != "C"]


def _code(folder: str) -> str:
    return _FOLDERS.get(folder, folder)


def _pairs(pages: Path, folder: str) -> Iterator[tuple[str, str]]:
    """Yield English paragraphs and their translations, from pages that have the same elements in the same order."""
    seen = set()
    for page in sorted((pages / "C").rglob("*.page")):
        other = pages / folder / page.relative_to(pages / "C")
        if not other.exists():
            continue
        ours, theirs = _paragraphs(page), _paragraphs(other)
        if [tag for tag, _ in ours] != [tag for tag, _ in theirs]:
            continue
        for (_, source), (_, target) in zip(ours, theirs, strict=True):
            if source and target and source != target and (source, target) not in seen:
                seen.add((source, target))
                yield source, target


def _paragraphs(page: Path) -> list[tuple[str, str]]:
    from lxml import etree  # type: ignore[import-untyped]

    elements = ((each, etree.QName(each).localname) for each in etree.parse(str(page)).iter(etree.Element))
    return [
        (tag, " ".join("".join(each.itertext()).split())) for each, tag in elements if tag in ("p", "title", "desc")
    ]


def _tongues(pairs: dict[str, list[tuple[str, str]]], declaration: Path) -> dict[str, dict[str, dict[str, int]]]:
    english = sorted({source for each in pairs.values() for source, _ in each})
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    for script, names in _DECLARATION.items():
        for language, file in (name.split(":") for name in names.split()):
            texts = [target for _, target in pairs.get(language, [])] if language != "en" else english
            sources = [_said(declaration / f"{file}.html"), texts if len(texts) >= LEAST_PAIRS else []]
            found[script][language] = _rates(sources)
    return found


def _said(page: Path) -> list[str]:
    from lxml import html

    root = html.parse(str(page), parser=html.HTMLParser(encoding="utf-8")).getroot()
    return [" ".join(each.text_content().split()) for each in root.iter("h1", "h2", "h3", "p")]


def _rates(sources: list[list[str]]) -> dict[str, int]:
    """Return the commonest triples, each source weighing the same, as tenths of a nat below certain."""
    rates: Counter[str] = Counter()
    for texts in sources:
        counts = Counter(each for text in texts for each in triples(text))
        total = sum(counts.values()) or 1
        for each, count in counts.items():
            rates[each] += count / total  # type: ignore[assignment]
    whole = sum(rates.values())
    return {each: round(-10 * math.log(rate / whole)) for each, rate in rates.most_common(KEPT)}


def _lengths(pairs: list[tuple[str, str]], language: str) -> dict[str, float] | None:
    """Return how long translations from English are: median log ratio, what short ones add, spreads."""
    random.seed(0)
    measured = []
    for source, target in random.sample(pairs, min(1500, len(pairs))):
        pair = Pair(source, target, source_language="en", target_language=language)
        before, after = size(pair, source), size(pair, target)
        if before >= 10 and after:
            measured.append((before, math.log(after / before)))
    long = median(ratio for before, ratio in measured if before >= 60)
    short = median((ratio - long) * before for before, ratio in measured if before < 60)
    left = sorted((before, abs(ratio - long - short / before)) for before, ratio in measured)
    wide = 1.4826 * median(off for before, off in left if before >= 100)
    narrow = 1.4826 * median(off for before, off in left if before < 50)
    return {
        "ratio": round(long, 3),
        "short": round(short, 2),
        "spread": round(wide, 3),
        "short_spread": round(narrow, 3),
    }


if __name__ == "__main__":
    main()
