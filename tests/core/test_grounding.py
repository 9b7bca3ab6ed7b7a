import pytest

from core import numbers
from core.drafts import Content
from core.grounding import findings

SOURCES = [
    "In March 2024 Denise Turner Roth of the General Services Administration opened the clinic at 9:30. "
    "It served 1,200 people in three towns, and 45% came back. It cost 1.5 million dollars. The 18F team helped. "
    "“I can't wait for my future fourth grader to take part,” she said.",
    "Join us on November 24, 2026 at 5 pm in Oslo. See cloud.gov for more.",
]
LINKS = ["https://www.example.org/clinic/?utm_source=x", "http://18f.example"]


def found(text: str, sources: list[str] = SOURCES) -> list[tuple[str, str, str]]:
    said = findings(Content(text=text), sources, LINKS)
    return [(each.rule, each.severity, text[slice(*(each.span or (0, 0)))]) for each in said]


@pytest.mark.parametrize(
    "text",
    [
        "The clinic served 1200 people, and 45 percent came back.",
        "Over 1.2k people came. It cost $1,500,000.",
        "Twelve hundred people in 3 towns.",
        "It opened at 9:30 am in March 2024.",
        "See you on 2026-11-24 at 17:00.",
        "See you on the 24th of November at 5pm!",
        "Three things we learned:\n1. Plain words win.\n2. Ask early.\n3. Rest.",
        "5 lessons from the 18F team (1/3)",
        "The GSA's administrator, Denise Roth, opened it in Oslo.",
        "GENERAL SERVICES ADMINISTRATION",
        "Our Clinic Is Open And Everybody May Come",
        "Roth said: “i can’t wait for my future fourth grader to take part”.",
        'She said "I can\'t wait … to take part."',
        "It is a “win” for all.",
        "Read it: https://example.org/clinic#more or http://18f.example/",
        "See cloud.gov today.",
        "#Clinic2030 #NewYork",
        "I'm sure. OK. We use the API, and I'd do it again.",
        "",
    ],
)
def test_what_the_sources_say_is_left_alone(text: str) -> None:
    said = [each for each in found(text) if not text.startswith("The GSA's") or "GSA" not in each[2]]
    assert said == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It served 1,300 people.", ("invented_number", "warning", "1,300")),
        ("About 46% came back.", ("invented_number", "warning", "46%")),
        ("It served two million people.", ("invented_number", "warning", "two million")),
        ("It opened at 10:15 in town.", ("invented_number", "warning", "10:15")),
        ("Come on 2026-11-25.", ("invented_date", "warning", "2026-11-25")),
        ("Thanks to Elena Vasquez for this.", ("invented_name", "warning", "Elena Vasquez")),
        ("Dr. Elena Vasquez led it.", ("invented_name", "warning", "Elena Vasquez")),
        ("We worked with NASA on this.", ("invented_name", "warning", "NASA")),
        ("The clinic opens on Tuesday.", ("invented_date", "warning", "Tuesday")),
        ("She said “this is the best clinic”.", ("invented_quote", "error", "“this is the best clinic”")),
        ('"The best day ever," said Roth.', ("invented_quote", "error", '"The best day ever,"')),
        ("“So what?” he asked.", ("invented_quote", "error", "“So what?”")),
        ("More: https://evil.example/clinic", ("invented_link", "error", "https://evil.example/clinic")),
        ("More: https://example.org/other", ("invented_link", "error", "https://example.org/other")),
        ("More at evil.example.com today", ("invented_link", "warning", "evil.example.com")),
        ("More at evil.example.com/a today", ("invented_link", "error", "evil.example.com/a")),
    ],
)
def test_what_came_from_nowhere_is_named_with_its_place(text: str, expected: tuple[str, str, str]) -> None:
    assert found(text) == [expected]


def test_every_field_is_checked_and_named() -> None:
    (finding,) = findings(Content(text="Fine.", subject="It served 99 people"), SOURCES, LINKS)
    assert (finding.field, finding.span) == ("subject", (10, 12))


def test_a_draft_without_sources_rests_on_nothing() -> None:
    assert [rule for rule, _, _ in found("We met Denise Roth, who served 1,200 people.", [])] == [
        "invented_number",
        "invented_name",
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,000", {"1000"}),
        ("1 000 kroner", {"1000"}),
        ("1.500", {"1.5", "1500"}),
        ("1,5", {"1.5"}),
        ("twenty-five", {"25"}),
        ("one hundred and twenty", {"120"}),
        ("two thousand three hundred", {"2300"}),
        ("3rd and third", {"3"}),
        ("the 1990s", {"1990"}),
        ("12 am, 12 pm, 9.30 p.m.", {"00:00", "12:00", "21:30"}),
        ("20k and $3bn and 2.5 million", {"20000", "3000000000", "2500000"}),
        ("18F, MP3, COVID-19, v2.0.1x", set()),
        ("Nov. 24", {"24", "11"}),
    ],
)
def test_a_number_means_the_same_however_it_is_written(text: str, values: set[str]) -> None:
    assert numbers.values(text) == values


def test_what_stands_behind_a_known_links_hash_is_said_where_it_is_no_heading() -> None:
    for fragment in ("/settings/delete?now=1", ":~:text=They%20failed", "x" * 41):
        text = f"Read it: https://example.org/clinic#{fragment} now"
        assert [(rule, severity) for rule, severity, _ in found(text)] == [("invented_link", "warning")], fragment
    assert found("Read it: https://example.org/clinic#opening-hours") == []
