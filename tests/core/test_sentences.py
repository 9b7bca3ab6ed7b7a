import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sentences import split


def said(text: str) -> list[str]:
    return [span.text for span in split(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Smith left. She is back.", ["Dr. Smith left.", "She is back."]),
        (
            "He lived in the U.S. in 2014. The U.S. Digital Service grew.",
            ["He lived in the U.S. in 2014.", "The U.S. Digital Service grew."],
        ),
        ("We work, i.e. We try, e.g. Here.", ["We work, i.e. We try, e.g. Here."]),
        ("See No. 5 and p. 3. No. We won't.", ["See No. 5 and p. 3.", "No.", "We won't."]),
        ("They met at 5 p.m. Then J. K. Rowling spoke.", ["They met at 5 p.m.", "Then J. K. Rowling spoke."]),
        ("It cost 3.5 million. Version 2.0.1 is out!", ["It cost 3.5 million.", "Version 2.0.1 is out!"]),
        ("Go to https://a.org/b.c?d=e. Then stop.", ["Go to https://a.org/b.c?d=e.", "Then stop."]),
        ("Wait... what? Fine… I see.", ["Wait... what?", "Fine…", "I see."]),
        ('“Stop.” Then he left. "Why?" she asked.', ["“Stop.”", "Then he left.", '"Why?" she asked.']),
        (
            "(See below.) **Bold end.** Next [link.](http://a.b) More.[^1] End",
            ["(See below.)", "**Bold end.**", "Next [link.](http://a.b)", "More.[^1]", "End"],
        ),
        ("J. K. Rowling spoke. A) Yes.", ["J. K. Rowling spoke.", "A) Yes."]),
        ("日本語です。次の文！「はい。」終わり", ["日本語です。", "次の文！", "「はい。」", "終わり"]),
        ("यह है। वह है।", ["यह है।", "वह है।"]),
        ("هل هذا؟ نعم.", ["هل هذا؟", "نعم."]),
        ("i went home. then i slept.", ["i went home.", "then i slept."]),
        ("It is out! 🎉 Great. 🚀", ["It is out!", "🎉 Great. 🚀"]),
        (
            "# A heading\nText here.\n\n- one\n- two. Three.\n2. four",
            ["A heading", "Text here.", "one", "two.", "Three.", "four"],
        ),
        ("> quoted. Twice.\n> more", ["quoted.", "Twice.", "more"]),
        ("**Ines:** Hello there. You?\n**Bo:** Fine.", ["**Ines:** Hello there.", "You?", "**Bo:** Fine."]),
        (
            "We launched today\nRead: https://a.org\n#One #Two",
            ["We launched today", "Read: https://a.org", "#One #Two"],
        ),
        ("```\ncode. More. Code\n\nstill\n```\nAfter.", ["```\ncode. More. Code\n\nstill\n```", "After."]),
        ("", []),
        ("\n \n# \n", []),
    ],
)
def test_sentences_end_where_a_reader_would_pause(text: str, sentences: list[str]) -> None:
    assert said(text) == sentences


pieces = st.lists(
    st.sampled_from(
        [
            "Word",
            "word",
            ". ",
            "! ",
            "? ",
            "… ",
            " ",
            "\n",
            "\n\n",
            "- ",
            "# ",
            "> ",
            "1. ",
            "“",
            "”",
            "。",
            "🎉",
            "U.S.",
            "```",
            "**A:** ",
            "é",
        ]
    ),
    max_size=40,
).map("".join)


@given(pieces | st.text(max_size=80))
def test_every_span_is_a_slice_in_order_and_no_word_is_lost(text: str) -> None:
    spans = split(text)
    end = 0
    between = []
    for span in spans:
        assert span.text == text[span.start : span.end] == span.text.strip() != ""
        assert span.start >= end
        between.append(text[end : span.start])
        end = span.end
    between.append(text[end:])
    letters = [gap[at : at + 2] for gap in between for at, char in enumerate(gap) if char.isalpha()]
    assert all(letter.endswith(")") for letter in letters)  # only a list's `a)` stands outside


def test_a_wrapped_line_goes_on_even_before_a_capital() -> None:
    text = (
        "This line was wrapped by an editor at about this width of the page\nand it goes on to say that in Oslo our\n"
        "Denise Roth said that the work would take her another month or so\nand that was that."
    )
    assert said(text) == [text]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "Der Kurs beginnt am 3. Mai um 18 Uhr. Danach Kaffee.",
            ["Der Kurs beginnt am 3. Mai um 18 Uhr.", "Danach Kaffee."],
        ),
        ("Vom 1.–3. Juni. Ohne Eintritt.", ["Vom 1.–3. Juni.", "Ohne Eintritt."]),
        ("kurset starter 12. januar. bli med", ["kurset starter 12. januar.", "bli med"]),
        ("It ends on May 3. August is free.", ["It ends on May 3.", "August is free."]),
        ("Es kamen 3. Danach 5.", ["Es kamen 3.", "Danach 5."]),
    ],
)
def test_a_day_with_a_stop_before_its_month_ends_nothing(text: str, sentences: list[str]) -> None:
    assert said(text) == sentences
