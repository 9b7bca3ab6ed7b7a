from memory.voice.prose import Prose, common_lines, is_english, sentences, without_lines, words, written


def test_keeps_only_what_the_author_wrote_as_prose() -> None:
    markdown = """# A heading

Some *emphasis*, `code`, and [a link](https://example.com).

> somebody else's words

```python
x = 1
```

| a | table |
![a picture](harbour.png)
- one item
- two items
<p>Some <b>HTML</b>.</p>
"""
    assert written(markdown).split() == (
        "Some emphasis, CODE, and a link. one item two items Some HTML.".split()  # noqa: SIM905
    )


def test_joins_lines_that_were_wrapped_and_keeps_lines_that_end_on_purpose() -> None:
    wrapped = "A line that somebody's editor wrapped for the width of it,\nand that goes on."
    assert written(wrapped) == wrapped.replace("\n", " ")
    assert written("Short post\nTwo lines") == "Short post\nTwo lines"


def test_drops_the_names_of_those_who_speak_again_and_again() -> None:
    talk = "**Ines:** Hello.\n\n**Ben:** Hi.\n\n**Ines:** So.\n\n**Ben:** Yes.\n\n**Ines:** Good.\n\n**Ben:** Bye."
    assert written(talk).split() == ["Hello.", "Hi.", "So.", "Yes.", "Good.", "Bye."]


def test_keeps_a_colon_that_is_no_speaker() -> None:
    assert written("Note: this stays.") == "Note: this stays."


def test_lines_that_stand_in_many_works_are_boilerplate() -> None:
    texts = [f"Piece number {number}.\nSubscribe to my letter" for number in range(5)] + ["Something else."]
    shared = common_lines(texts)
    assert shared == {"Subscribe to my letter"}
    assert without_lines(texts[0], shared) == "Piece number 0."


def test_two_works_with_the_same_line_are_no_boilerplate() -> None:
    assert common_lines(["The same line", "The same line", "Another line"]) == frozenset()


def test_cuts_sentences_at_stops_and_line_ends_but_not_at_abbreviations() -> None:
    assert sentences("See e.g. Dr. Who (fig. 2). So did I. “Really?” Yes… No. 3!\nA line\n終わり。次。") == [
        "See e.g. Dr. Who (fig. 2).",
        "So did I.",
        "“Really?",
        "Yes…",
        "No.",
        "3!",
        "A line",
        "終わり。",
        "次。",
    ]


def test_words_are_letters_contractions_numbers_and_single_cjk_characters() -> None:
    assert words("Don’t pay 1,200.50 — it's 日本 café-style") == [
        *("Don't", "pay", "1,200.50", "it's", "日", "本", "café", "style"),
    ]


def test_tells_english_from_its_neighbours() -> None:
    english = "We made a guide for people who write, and it is free to use."
    spanish = "Hicimos una guía para las personas que escriben, y es gratis para todos los usos."
    german = "Wir haben einen Leitfaden für alle geschrieben, die schreiben, und er ist frei."
    assert [is_english(Prose.of(text).lower) for text in (english, spanish, german)] == [True, False, False]
