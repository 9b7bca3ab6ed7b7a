"""Suggestions as spans: what rules find, what of a model's proposals holds, and that nothing else ever changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assists import Quoted, Suggestion, Trust, accepted, apart, by_rules, trusted
from core.assists.brand_words import brand_places
from core.assists.rules import long_sentences
from core.assists.titles import own_titles, place_of_title, title_suggestion
from core.errors import BadInput, Stale
from core.facts import BrandFact

TEXT = (
    "Marit kept 22 tables in a tin, and she do not like visitors. The lid do not close.\n\n"
    "“Nobody own the tide”, said Olav. See https://harbour.example/tide and #tides. The Tin Club meet on Mondays."
)


def fact(**more: object) -> BrandFact:
    kept = {"id": "f", "version": 1, "workspace": "w", "valid_from": "2026-01-01T00:00:00Z", "seq": 1}
    return BrandFact.model_validate({**kept, "recorded_at": "2026-01-01T00:00:00Z", "recorded_by": "ines", **more})


FACTS = (fact(kind="keep", term="Tin Club"), fact(kind="banned", term="cheap", instead="low-priced"))


def mended(text: str, locale: str = "en") -> str:
    return accepted({"text": text}, apart(by_rules(text, locale)))["text"]


@pytest.mark.parametrize(
    ("locale", "text", "wanted"),
    [
        ("en", "He kept the the tin.", "He kept the tin."),
        ("en", "He had had enough, and that that was wrong was plain.", None),
        ("en", "Two  spaces , here ,and there .", "Two spaces, here, and there."),
        ("en", 'She said "no" twice.', "She said “no” twice."),
        ("de", 'Sie sagte "nein" .', "Sie sagte „nein“."),
        ("fr", "Qui sait ?", "Qui sait\u202f?"),
        ("en", "“Go go away”, she said, and the the door shut.", "“Go go away”, she said, and the door shut."),
        ("en", "```\na  a the the\n```\nAnd `x  y` too.", None),
        ("en", "---\ntitle: a  b\n---\nOne.", None),
        ("en", "| a  | b |\n|----|---|", None),
        ("en", "1.5 ,2 and https://a.example/a--b  stays", "1.5 ,2 and https://a.example/a--b stays"),
        ("xx", 'A "word" here.', None),
        ("en", "  end\nend\n\nHelp help help, it said.\n\nFractal\n\nFractal is a gallery.", None),
        (
            "en",
            "A line that an editor broke where it had no room for the\nthe next word.",
            "A line that an editor broke where it had no room for the next word.",
        ),
    ],
)
def test_rules_mend_what_is_certain_and_leave_code_quotes_and_tables(
    locale: str, text: str, wanted: str | None
) -> None:
    assert mended(text, locale) == (wanted or text)


@given(st.text(alphabet='ab ,."“”\n`|', max_size=80), st.sampled_from(["en", "de", "fr", "ja"]))
def test_every_rule_names_what_stands_there_and_keeps_every_letter_but_doubled_words(text: str, locale: str) -> None:
    found = apart(by_rules(text, locale))
    assert all(text[each.start : each.end] == each.before for each in found)
    plain = [each for each in found if each.rule != "doubled_word"]
    new = accepted({"text": text}, plain)["text"]
    assert [c for c in new if c.isalpha()] == [c for c in text if c.isalpha()]


def test_only_chosen_spans_change_and_a_text_that_changed_is_refused() -> None:
    one = Suggestion(start=0, end=5, before="Marit", after="Ines", rule="r", why="w")
    two = Suggestion(start=11, end=13, before="22", after="", rule="r", why="w")
    assert accepted({"text": TEXT, "title": "A"}, [two, one]) == {"text": "Ines kept  " + TEXT[14:], "title": "A"}
    with pytest.raises(Stale):
        accepted({"text": "x" + TEXT}, [one])
    with pytest.raises(BadInput, match="same words"):
        accepted({"text": TEXT}, [one, one.model_copy(update={"end": 3, "before": "Mar"})])
    with pytest.raises(BadInput, match="only named"):
        accepted({"text": TEXT}, [one.model_copy(update={"after": None})])


@pytest.mark.parametrize(
    ("do", "quote", "instead", "problem"),
    [
        ("grammar", "she do not", "she does not", ""),
        ("grammar", "The lid do", "The lid does", ""),
        ("grammar", "do not", "does not", "2 times"),
        ("grammar", "she does not", "she did not", "do not stand"),
        ("grammar", "she do not like", "she does like", "“not”"),
        ("grammar", "22 tables", "24 tables", "24"),
        ("grammar", "22 tables", "tables", "22"),
        ("clearer", "in a tin", "in a tin (https://evil.example)", "link"),
        ("clearer", "in a tin", "in a [tin](https://evil.example)", "link"),
        ("clearer", "See https://harbour.example/tide", "See the page", "link"),
        ("clearer", "in a tin", "in a tin with @olav", "handle"),
        ("style", "in a tin", "in a tin from Copenhagen", "Copenhagen"),
        ("style", "in a tin", "in a tin, as she said “for ever and a day”", "“for ever"),
        ("style", "in a tin", "in a cheap tin", "cheap"),
        ("style", "Nobody own the tide", "Nobody owns the tide", "as they were said"),
        ("grammar", "The Tin Club meet", "The tin meets", "Tin Club"),
        ("grammar", "The Tin Club meet", "The Tin Club meets", ""),
        ("grammar", "in a tin", "in a tin", "changes nothing"),
        ("grammar", "in a tin", "in a \u202etin", "hides"),
        ("shorter", "in a tin", "in a biscuit tin", "not shorter"),
        ("shorter", " The lid do not close.", "", ""),
        ("shorter", ", and she do not like visitors", "", ""),
        ("clearer", "she do not like", "Marit does not like", ""),
        ("clearer", "she do not like visitors", "Olav does not like visitors", ""),
        ("grammar", "Marit kept 22 tables in a tin, and she do not like visitors.",
         "There were 22 sorts of paper which people do not find in her house.", "no correction"),
    ],
)  # fmt: skip
def test_a_models_span_holds_only_if_it_claims_nothing_of_its_own(
    do: str, quote: str, instead: str, problem: str
) -> None:
    trust = Trust({"text": TEXT}, do, "en", FACTS)
    kept, left = trusted(trust, [Quoted(quote, instead, rule="r", why="w")], by="m")
    if problem:
        assert not kept and problem in left[0]
    else:
        assert left == () and accepted({"text": TEXT}, kept)["text"] == TEXT.replace(quote, instead)


def test_spans_that_meet_and_too_many_of_them_are_left_out() -> None:
    some = [
        Quoted("she do not", "she does not", rule="r", why="w"),
        Quoted("do not like", "does not like", rule="r", why="w"),
    ]
    kept, _ = trusted(Trust({"text": TEXT}, "grammar", "en"), some, by="m")
    assert [each.before for each in kept] == ["she do not"]
    _, left = trusted(Trust({"text": TEXT}, "grammar", "en"), some * 30, by="m")
    assert "20 more" in left[-1]
    _, left = trusted(Trust({"text": TEXT}, "grammar", "en"), [Quoted("a", "b", rule="", why="", field="no")], by="m")
    assert "do not stand" in left[0]


def test_brand_words_are_replaced_by_those_that_are_said() -> None:
    text = "Cheap is what it is not, and a cheap lid less so."
    found = list(brand_places(FACTS, "text", text, "en"))
    assert accepted({"text": text}, found)["text"] == "Low-priced is what it is not, and a low-priced lid less so."
    bare = list(brand_places([fact(kind="banned", term="cheap")], "text", text, "en"))
    assert [each.after for each in bare] == [None, None]


def test_long_sentences_are_named_and_not_worded() -> None:
    text = f"Short one. {'It went on and on ' * 12}until it stopped."
    [found] = long_sentences(text)
    assert found.after is None and found.before.startswith("It went") and "words" in found.why


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("---\ntitle: A tin\n---\n\nThe lid.", '---\ntitle: "New: one"\n---\n\nThe lid.'),
        ("# A tin\n\nThe lid.", "# New: one\n\nThe lid."),
        ("The lid.", "# New: one\n\nThe lid."),
        ("---\ntags: x\n---\n\nThe lid.", "---\ntags: x\n---\n\n# New: one\n\nThe lid."),
    ],
)
def test_a_title_goes_where_the_title_stands(text: str, wanted: str) -> None:
    texts = {"text": text}
    assert accepted(texts, [title_suggestion(place_of_title(texts), "New: one", "w")])["text"] == wanted


def test_titles_without_a_model_are_the_texts_own_words() -> None:
    text = "# The tin\n\nNobody owns the tide tables. I wrote this in March 2024:\n\n## Why she copied them\n\nBecause."
    titles = [title for title, _ in own_titles({"text": text})]
    assert titles[:2] == ["The tin", "Why she copied them"] and "Nobody owns the tide tables" in titles
    assert not any(title.endswith(":") for title in titles)
