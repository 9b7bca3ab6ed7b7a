"""Whatever the text: rules change nothing that is quoted, linked or coded, lose no number, and are done in one go."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from core.edits.applying import applied
from core.edits.lessons import lesson_of
from core.edits.rules import Rule
from core.edits.traits import all_traits

PIECES = (
    "We are thrilled to announce that it is open",
    "users do not pay, and perhaps they never will",
    "“users utilize the color!”",
    "https://users.example/color?a=1!",
    "`utilize()` in order to color",
    "Anna Holt — who was quite tired — left",
    "about a bit over 40 of them came",
    "bring a lamp, a key, and a rope",
    "Share this with a friend",
    "What do you think",
    "#Users 🎉 @users",
    "it’s very good; it is really good",
    "\n\n",
    "\n\n> users are quite right!\n\n",
    "\n\n- one bullet\n- another one\n\n",
    "\n\n## The Wide Door\n\n",
)
ENDS = (". ", "! ", "? ", "… ", " ")
WORDED = ("words", "phrases", "first_line", "last_line", "paragraphs", "dashes", "percent_words")
RULES = [
    *(Rule(trait=trait.name) for trait in all_traits() if trait.name not in WORDED),
    Rule(trait="words", old="users", new="folks"),
    Rule(trait="dashes", new=","),
    Rule(trait="paragraphs", new="1"),
]
KEPT = re.compile(r"“[^”]*”|https?://\S*[\w/]|`[^`]*`|@\w+|\d+")
texts = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(ENDS)), min_size=1, max_size=8).map(
    lambda parts: "".join(piece + ("" if piece.startswith("\n") else end) for piece, end in parts).strip()
)
some_rules = st.lists(st.sampled_from(RULES), min_size=1, max_size=6, unique_by=lambda rule: rule.key)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(texts, some_rules)
def test_what_is_quoted_linked_coded_or_counted_stays(text: str, rules: list[Rule]) -> None:
    after, _ = applied(text, rules)
    assert set(KEPT.findall(text)) == set(KEPT.findall(after))
    assert after.strip() or not text.strip()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(texts, texts)
def test_any_two_texts_can_be_compared(drafted: str, edited: str) -> None:
    seen = lesson_of(drafted, edited)
    assert len({each.rule.key for each in seen}) == len(seen)
    assert lesson_of(drafted, drafted) == ()
