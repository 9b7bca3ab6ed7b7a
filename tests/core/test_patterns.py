"""A person's regular expression is read before it is kept: it can't take long, whatever text it meets."""

import time

import pytest
import regex

from core import matching
from core.brand import findings
from core.drafts import Content
from core.errors import BadInput
from core.facts import BrandFact, state
from core.patterns import MOST, TooFree, bounded
from tests.core.test_brand import fact

LONG = 100_000
SECONDS = 20.0  # of CPU time, where it takes a fraction of one; what is quadratic takes minutes


@pytest.mark.parametrize(
    ("pattern", "kept"),
    [
        (r"\d+ ?% (?:faster|cheaper)", rf"\d{{1,{MOST}}} {{0,1}}% (?:faster|cheaper)"),
        (r"guarante\w*", rf"guarante\w{{0,{MOST}}}"),
        (r"\bfree\b.*?\bshipping\b", rf"\bfree\b.{{0,{MOST}}}?\bshipping\b"),
        (r"\p{Lu}\w+ Inc\.?", rf"\p{{Lu}}\w{{1,{MOST}}} Inc\.{{0,1}}"),
        (r"(?i)best (?:in|of) class|no\. ?1", r"(?i)best (?:in|of) class|no\. {0,1}1"),
        (r"(?<!\w)[A-Z]{2,5}(?!\w)", r"(?<!\w)[A-Z]{2,5}(?!\w)"),
        (r"\$\d[\d,]*(?:\.\d\d)?", rf"\$\d[\d,]{{0,{MOST}}}(?:\.\d\d){{0,1}}"),
        (r"(?P<what>day|night) owl{2,}", rf"(?P<what>day|night) owl{{2,{MOST}}}"),
    ],
)
def test_a_usual_pattern_is_kept_with_its_repetitions_bounded(pattern: str, kept: str) -> None:
    assert bounded(pattern) == kept
    assert state({"kind": "banned", "term": pattern, "matching": "pattern"}).term == pattern


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+b",
        r"(a|aa)+$",
        r"(a|aa)+(a|aa)+$",
        r"(x+x+)+y",
        r"(?:\s|\n)+end",
        r".*.*.*x",
        r"(?:.*a){20}",
        r"\w*\w*\w*\d",
        r"(?:a?){50}b",
        "a?" * 30 + "a" * 30,
        r"(\w)\1",
        r"(?:foo){e<=1}",
        r"(?R)|a",
        "(" * 30 + "a" + ")" * 30,
    ],
)
def test_a_pattern_that_could_take_long_is_refused_when_it_is_set(pattern: str) -> None:
    with pytest.raises(TooFree):
        bounded(pattern)
    with pytest.raises(BadInput, match="can't be used"):
        state({"kind": "banned", "term": pattern, "matching": "pattern"})


def test_a_bounded_pattern_finds_what_the_one_as_written_finds() -> None:
    text = "It is 40% faster, guaranteed: free worldwide shipping for GSA Inc. at $1,200.50 today."
    for pattern in (r"\d+ ?% (?:faster|cheaper)", r"guarante\w*", r"\bfree\b.*\bshipping\b", r"\$\d[\d,]*(?:\.\d\d)?"):
        assert regex.findall(bounded(pattern), text) == regex.findall(pattern, text) != []


@pytest.mark.parametrize("pattern", [r"\w+x\b", r"\s+!", r"\d+ ?%", r"\bfree\b.*\bshipping\b"])
@pytest.mark.parametrize("piece", ["a", " ", "1", "free "])
def test_any_kept_pattern_reads_a_long_hostile_text_in_seconds(pattern: str, piece: str) -> None:
    text, compiled = piece * (LONG // len(piece)), regex.compile(bounded(pattern))
    started = time.process_time()
    assert list(compiled.finditer(text)) == [] or piece == "1"
    assert time.process_time() - started < SECONDS


def test_a_pattern_that_was_kept_before_and_runs_out_of_time_is_an_error_a_person_sees(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = fact("banned", "x", severity="note").model_copy(update={"term": r"(a|aa)+$", "matching": "pattern"})
    loaded = BrandFact.model_validate(kept.model_dump())  # what is in a home already can still be read
    [found] = findings([loaded], Content(text="a" * 50 + "!"), "en")
    assert (found.rule, found.severity) == ("brand_pattern", "error") and "(a|aa)+$" in found.message
    monkeypatch.setattr(matching, "TIMEOUT_S", 1e-9)
    slow = fact("banned", r"\w+x\b", severity="note", matching="pattern")
    [found] = findings([slow], Content(text="a " * 50_000), "en")
    assert (found.rule, found.severity) == ("brand_pattern", "error")
