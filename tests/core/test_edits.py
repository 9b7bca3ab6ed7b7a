"""What an edit shows: one habit at a time, in its direction, and never where a fact was put right."""

from time import perf_counter

import pytest

from core.edits.applying import applied, says
from core.edits.lessons import lesson_of
from core.edits.notes import of_note
from core.edits.rules import Rule
from core.edits.traits import all_traits

PLAIN = "The counter opens on Monday. It stands behind the library, and the door is wide enough for a bike."

LINK = "https://a.example/x"

SHOWN = [
    # the trait, its words, a draft, and what somebody with the habit makes of it
    ("hedges", "", "", "The door is quite wide, and perhaps it is heavy.", "The door is wide, and it is heavy."),
    ("intensifiers", "", "", "It is a very good place to read, really.", "It is a good place to read."),
    ("leadins", "", "", "We are thrilled to announce that the door is open again.", "The door is open again."),
    ("plain_words", "", "", "Come early in order to utilize the small table.", "Come early to use the small table."),
    ("british", "", "", "The color of the center is a good gray.", "The colour of the centre is a good grey."),
    ("american", "", "", "The colour of the centre is a good grey.", "The color of the center is a good gray."),
    ("contractions", "", "", "It is late and we do not know why.", "It's late and we don't know why."),
    ("no_contractions", "", "", "It’s late and we don’t know why.", "It is late and we do not know why."),
    ("as_i", "", "", "We were glad that our friends told us so.", "I was glad that my friends told me so."),
    ("as_we", "", "", "I was glad that my friends told me so.", "We were glad that our friends told us so."),
    ("digits", "", "", "It took five weeks and three carpenters to mend.", "It took 5 weeks and 3 carpenters to mend."),
    ("spelled_numbers", "", "", "It took 5 weeks and 3 carpenters.", "It took five weeks and three carpenters."),
    ("exclamations", "", "", "The door is open! Come and see it!", "The door is open. Come and see it."),
    ("dashes", "", ",", "The door — a heavy one — is open.", "The door, a heavy one, is open."),
    ("semicolons", "", "", "The door is open; the lamp is lit.", "The door is open. The lamp is lit."),
    ("ellipses", "", "", "We waited… Then it opened.", "We waited. Then it opened."),
    ("no_oxford_comma", "", "", "Bring a lamp, a key, and a rope.", "Bring a lamp, a key and a rope."),
    ("oxford_comma", "", "", "Bring a lamp, a hat, a key and a rope.", "Bring a lamp, a hat, a key, and a rope."),
    ("ampersands", "", "", "Bring salt & pepper for the soup.", "Bring salt and pepper for the soup."),
    ("bold", "", "", "The door is **really open** again today.", "The door is really open again today."),
    ("percent_words", "", "per cent", "About 40% of the boards are old.", "About 40 per cent of the boards are old."),
    ("percent_signs", "", "", "About 40 per cent of the boards are old.", "About 40% of the boards are old."),
    ("emoji", "", "", "The door is open 🎉 again, come in 🚪 soon.", "The door is open again, come in soon."),
    ("hashtags", "", "", f"{PLAIN}\n\n#Ferry #Books", PLAIN),
    ("calls", "", "", f"{PLAIN} Share this with a friend.", PLAIN),
    ("last_question", "", "", f"{PLAIN} What do you think of it?", PLAIN),
    ("first_line", "", "Dear all,", PLAIN, f"Dear all,\n\n{PLAIN}"),
    ("last_line", "", "— Ines", PLAIN, f"{PLAIN}\n\n— Ines"),
    ("links_last", "", "", f"See.\n\n{LINK}\n\n{PLAIN}", f"See.\n\n{PLAIN}\n\n{LINK}"),
    ("sentence_case", "", "", "## The Wide Door\n\nIt is a wide door.", "## The wide door\n\nIt is a wide door."),
    ("short_opening", "", "", f"It is open. It is open at last.\n\n{PLAIN}", f"It is open.\n\n{PLAIN}"),
    ("opening_alone", "", "", "It is open. Mine too.\n\nMore. Come.", "It is open.\n\nMine too.\n\nMore. Come."),
    ("paragraphs", "", "1", "It is open. It is new. We sat on it.", "It is open.\n\nIt is new.\n\nWe sat on it."),
    ("words", "users", "folks", "Users asked for it, and users got it.", "Folks asked for it, and folks got it."),
    ("openings", "so", "", "So, it is open. It is so wide, so heavy.", "It is open. It is so wide, so heavy."),
    ("phrases", "as promised long ago", "", "It is open as promised long ago for you all.", "It is open for you all."),
]  # fmt: skip


@pytest.mark.parametrize(("trait", "old", "new", "draft", "edited"), SHOWN, ids=[row[0] for row in SHOWN])
def test_a_habit_is_seen_in_its_own_direction(trait: str, old: str, new: str, draft: str, edited: str) -> None:
    rule = Rule(trait=trait, old=old, new=new)
    assert voice(draft, edited, rule) == "for"
    assert voice(draft, draft, rule) in ("against", None)  # the chance was there, and left
    assert voice(edited, edited + " ", rule) != "for"


@pytest.mark.parametrize(("trait", "old", "new", "draft", "edited"), SHOWN, ids=[row[0] for row in SHOWN])
def test_a_rule_writes_what_the_person_would(trait: str, old: str, new: str, draft: str, edited: str) -> None:
    text, done = applied(draft, [Rule(trait=trait, old=old, new=new)])
    assert text == edited
    assert len(done) == 1
    assert applied(text, done) == (text, ())  # and does it once


def voice(draft: str, edited: str, rule: Rule) -> str | None:
    found = {seen.rule.key: seen.voice for seen in lesson_of(draft, edited, known=[rule])}
    return found.get(rule.key)


def test_a_small_word_is_cut_with_its_comma_at_a_beginning_alone() -> None:
    rule = Rule(trait="openings", old="so")
    text = "So we waited, and it was cold, so, well, we left. So, that was that."
    assert applied(text, [rule])[0] == "So we waited, and it was cold, so, well, we left. That was that."
    shown = lesson_of("But we waited. It was a cold day.", "We waited. It was a cold day.")
    assert not [seen for seen in shown if seen.rule.trait in ("openings", "phrases")]
    assert (
        voice("Oh, it is late again today.", "Oh, it is so late again today.", Rule(trait="openings", old="oh"))
        == "against"
    )


def test_a_heading_loses_the_capitals_of_small_words_and_no_name() -> None:
    text = "## What Bakers Do Meanwhile At Apple\n\nA baker sleeps. Then Apple calls."
    text += "\n\n## Will Stone Comes Anyway\n\nHe did."
    lowered, _ = applied(text, [Rule(trait="sentence_case")])
    assert [line for line in lowered.split("\n") if line.startswith("#")] == [
        "## What bakers do meanwhile at Apple", "## Will Stone Comes anyway",
    ]  # fmt: skip


def test_there_are_at_least_twenty_detectors_and_each_says_what_it_is() -> None:
    assert len(all_traits()) >= 20
    assert all(says(Rule(trait=trait.name, old="a", new="1")) for trait in all_traits())


@pytest.mark.parametrize(
    ("draft", "edited"),
    [
        ("It takes 12 minutes to get there by bus.", "It takes 21 minutes to get there by bus."),
        ("It opens on Monday, behind the library.", "It opens on Friday, behind the library."),
        ("Anna Holt told us that it was easy.", "Anna Hold told us that it was easy."),
        ("Read it at https://a.example/1 before noon.", "Read it at https://a.example/2 before noon."),
        ("She said “the door is wide” and left us.", "She said “the door was wide” and left us."),
        ("The price is higher than it was last year.", "The price is lower than it was last year."),
        ("The rooms are not ready for the summer.", "The rooms are ready for the summer."),
        ("It took two carpenters a month to mend.", "It took three carpenters a month to mend."),
    ],
)
def test_a_correction_of_fact_teaches_nothing(draft: str, edited: str) -> None:
    assert [seen.rule.key for seen in lesson_of(draft, edited) if seen.voice == "for"] == []


def test_a_word_put_right_by_the_source_teaches_nothing() -> None:
    draft, edited = "The harbour was full of boats that day.", "The quay was full of boats that day."
    assert voice(draft, edited, Rule(trait="words", old="harbour", new="quay")) == "for"
    found = lesson_of(draft, edited, source="The quay was full that day.")
    assert not [seen for seen in found if seen.rule.trait == "words"]


def test_a_name_of_the_source_is_no_word_to_swap() -> None:
    found = lesson_of("We asked folks at lind for it.", "We asked folks at home for it.", source="We met at Old Lind.")
    assert not [seen for seen in found if seen.rule.trait == "words"]


def test_what_one_habit_explains_is_no_evidence_for_another() -> None:
    draft = "We are delighted to share that users do not pay for the color, and perhaps that is a good thing."
    edited = "Users don't pay for the colour, and that's a good thing."
    found = {seen.rule.trait for seen in lesson_of(draft, edited) if seen.voice == "for"}
    assert found == {"leadins", "contractions", "british", "hedges"}


@pytest.mark.parametrize(
    "text",
    [
        "She said “users are quite right!” and left.",
        "> Users are quite right!\n\nThat was all.",
        "Run `utilize users` and see https://users.example/color for it.",
        "```\nutilize the color!\n```",
        "We saw Color Theater Users there.",
        "Perhaps 40 of them came, and about a bit over half stayed.",
    ],
)
def test_rules_leave_quotes_links_code_names_and_numbers_alone(text: str) -> None:
    rules = [Rule(trait=name) for name in ("hedges", "plain_words", "british", "exclamations")]
    text_after, _ = applied(text, [*rules, Rule(trait="words", old="users", new="folks")])
    assert text_after == text


def test_nothing_is_cut_that_stands_nowhere_else() -> None:
    text = f"{PLAIN} Read more at https://a.example/x before 4 May."
    assert applied(text, [Rule(trait="calls")]) == (text, ())
    opening = f"It is open. It costs 40 kroner.\n\n{PLAIN}"
    assert applied(opening, [Rule(trait="short_opening")]) == (opening, ())


def test_rules_on_english_words_leave_other_languages_alone() -> None:
    text = "Das ist rather ein color!"
    assert applied(text, [Rule(trait="hedges"), Rule(trait="british")], locale="de")[0] == text
    assert applied(text, [Rule(trait="exclamations")], locale="de")[0] == "Das ist rather ein color."


def test_taking_back_what_a_rule_did_speaks_against_it() -> None:
    rule = Rule(trait="words", old="users", new="folks")
    drafted, shown = "We told users that it is open now.", "We told folks that it is open now."

    def said(edited: str) -> list[str]:
        found = lesson_of(drafted, edited, shown=shown, applied=[rule])
        return [seen.voice for seen in found if seen.rule == rule]

    assert said(shown + " Come soon.") == ["kept"]
    assert said(drafted) == ["overruled"]
    assert said("We told members that it is open now.") == ["overruled"]


def test_a_change_request_names_its_rules() -> None:
    found = of_note("No hashtags, shorter please, and replace “users” with “folks”")
    assert {seen.rule.key for seen in found} == {"hashtags||", "shorter||", "words|users|folks"}
    assert of_note("Replace “Monday” with “Friday”; say who built it") == ()


@pytest.mark.parametrize("said", ["word ", "😀", "!? ", "Go. "])
def test_what_is_said_thousands_of_times_is_compared_in_a_moment(said: str) -> None:
    started = perf_counter()
    lesson_of(said * 2_000, said * 1_900 + "Else.")
    assert perf_counter() - started < 10  # seconds; each held against each takes minutes
