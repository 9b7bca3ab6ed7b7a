from datetime import UTC, datetime
from typing import Any

import pytest

from core.brand import findings
from core.drafts import Content, Finding
from core.errors import BadInput
from core.fact_sheets import read, write
from core.facts import BrandFact, state
from core.terminology import glossary, kept, lost

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def fact(kind: str, term: str, **more: Any) -> BrandFact:
    stated = state({"kind": kind, "term": term, **more}).model_dump() | {"valid_from": NOON}
    return BrandFact(**stated, id="f_1", version=1, workspace="ines", recorded_at=NOON, recorded_by="ines", seq=1)


def test_a_banned_word_is_found_with_its_span_field_and_what_to_say() -> None:
    facts = [fact("banned", "leverage", matching="forms", instead="use", note="Plain words.")]
    content = Content(text="We are leveraging it.", title="How to leverage")
    assert findings(facts, content, "en") == (
        Finding(
            rule="banned_word",
            severity="error",
            message="“leveraging” is not said here: say “use”. Plain words.",
            span=(7, 17),
        ),
        Finding(
            rule="banned_word",
            severity="error",
            message="“leverage” is not said here: say “use”. Plain words.",
            span=(7, 15),
            field="title",
        ),
    )


def test_the_fact_says_how_grave_it_is_and_where_it_holds() -> None:
    mild = fact("banned", "utilise", severity="note", locale="en-GB")
    assert [each.severity for each in findings([mild], Content(text="Utilise it."), "en-GB")] == ["note"]
    assert findings([mild], Content(text="Utilise it."), "en") == ()


def test_a_claim_needs_one_of_its_proofs() -> None:
    claim = fact("claim", r"\d+ ?% (?:faster|cheaper)", matching="pattern", needs=["link:*", "according to"])
    (finding,) = findings([claim], Content(text="It is 40% faster."), "en")
    assert finding.message == "“40% faster” needs proof beside it: a link or “according to”."
    assert (finding.severity, finding.span) == ("warning", (6, 16))
    assert findings([claim], Content(text="It is 40% faster: https://bench.example"), "en") == ()
    assert findings([claim], Content(text="According to Marit it is 40% faster."), "en") == ()


def test_a_sponsor_named_or_linked_must_be_disclosed() -> None:
    facts = [fact("disclosure", "Acme", needs=["#ad", "sponsored"]), fact("disclosure", "link:*?tag", needs=["#ad"])]
    text = "Acme's kettle boils. An #adventure! https://shop.example/k?tag=ines"
    assert [each.rule for each in findings(facts, Content(text=text), "en")] == ["no_disclosure"] * 2
    assert findings(facts, Content(text=text + " #ad"), "en") == ()
    assert findings(facts, Content(text="A kettle boils at @acme."), "en") == ()


def test_a_translation_keeps_names_and_uses_the_glossary() -> None:
    facts = [
        fact("keep", "Greenroom"),
        fact("term", "tide table", matching="forms", instead="tabla de mareas", locale="es"),
        fact("term", "tide table", instead="tábua de marés", locale="pt"),
    ]
    source = "Greenroom prints tide tables."
    assert lost(facts, source, "Greenroom imprime tablas de mareas.", "es-MX") == ()
    found = lost(facts, source, "La sala verde imprime calendarios.", "es")
    assert [(each.rule, each.severity) for each in found] == [("do_not_translate", "error"), ("glossary", "warning")]
    assert glossary(facts, [source], "es") == {"tide table": "tabla de mareas"}
    assert kept(facts, [source], "es") == ("Greenroom",)
    assert glossary(facts, ["Nothing of it"], "es") == {}


def test_a_sheet_is_read_as_it_was_written() -> None:
    facts = [
        fact("banned", "leverage", matching="forms", instead="use"),
        fact("disclosure", "Acme", needs=["#ad", "@acme"], note="=SUM(1)"),
        fact("keep", "Greenroom", valid_to=datetime(2027, 1, 1, tzinfo=UTC)),
    ]
    for form in ("csv", "json"):
        back = [line.fact for line in read(write(facts, form), form, "facts")]  # type: ignore[arg-type]
        assert back == [each.stated() for each in facts]


@pytest.mark.parametrize(
    ("text", "form", "message"),
    [
        ("kind,term,matching\nbanned,ok,\nbanned,(,pattern\n", "csv", "facts, line 3: .*no regular expression"),
        ("kind,term,locale,instead\nterm,a,no such!,b\n", "csv", "facts, line 2: .*no locale"),
        ("kind,term\nbanned,a\nbanned,A\n", "csv", "facts, line 3: .*same as line 2"),
        ("kind,word\nbanned,a\n", "csv", "no column 'word'"),
        ("kind,term\nbanned\n", "csv", "line 2: .*fewer cells"),
        ("kind,term,case\nbanned,a,perhaps\n", "csv", "line 2: case: 'perhaps'"),
        ('[{"kind": "banned", "term": "a"}, {"kind": "banned"}]', "json", "line 2: term"),
        ("[{]", "json", "line 1"),
    ],
)
def test_a_line_that_is_no_fact_is_named(text: str, form: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read(text, form, "facts")  # type: ignore[arg-type]
