"""Words set as type: their order, where lines end, which typeface has them, and that nothing is cut off."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from media.lettering import faces, paragraph
from media.lettering.bidi import in_sight, levels, runs_rightwards
from media.lettering.breaks import breaks
from media.lettering.faces import Manner
from media.lettering.setting import Setting, set_words
from media.typefaces import Shelf
from tests.counterparts import fribidi

SHELF = Shelf(system=())
SERIF = SHELF.family("Greenroom Serif", 600)


def seen(text: str) -> str:
    """A line as it is seen from left to right, letter by letter."""
    rightwards = runs_rightwards(text)
    parts = in_sight(levels(text, rightwards), text, rightwards)
    return "".join(text[a:b] if level % 2 == 0 else text[a:b][::-1] for a, b, level in parts)


def parted(text: str) -> list[str]:
    return [text[a:b].rstrip() for a, b in pairwise([0, *breaks(text), len(text)])]


def put(
    text: str, width: int = 900, height: int = 540, *, size: tuple[int, int] = (36, 118), locale: str = "en"
) -> Setting:
    return set_words(text, (width, height), Manner(SERIF, size), SHELF, locale, "it")


def said(setting: Setting) -> list[str]:
    """The lines, each of its pieces in the order in which they are read."""
    return ["".join(piece.text for piece in line) for line in setting.lines]


# the order of what is seen


def test_the_order_is_fribidis() -> None:
    theirs, chance = fribidi.reference(), random.Random(7)
    signs = "ab אב جد12٣٤ ,.:;-+%€()[]\"'!?/ éו"
    for _ in range(3000):
        text = "".join(chance.choice(signs) for _ in range(chance.randint(1, 14)))
        for rightwards in (True, False):
            assert levels(text, rightwards) == theirs(text, rightwards), (text, rightwards)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Anna אבג 1740", "Anna 1740 גבא"),
        ("אבג Anna (1740).", ".Anna (1740) גבא"),
        ("אבג 12,5% של", "לש 12,5% גבא"),
        ("نص ١٢٣ نص", "صن ١٢٣ صن"),
        ("אבג (דהו) זחט", "טחז )והד( גבא"),  # the brackets are drawn mirrored
    ],
)
def test_a_line_of_two_directions_is_seen_so(text: str, line: str) -> None:
    assert seen(text) == line


def test_spaces_at_a_lines_end_go_with_the_paragraph() -> None:
    assert in_sight(levels("אב  ", True), "אב  ", True) == [(0, 2, 1), (2, 4, 0)]


# where lines end


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Low water, 5 % more", ["Low", "water,", "5", "%", "more"]),
        ("well-known quay — empty", ["well-", "known", "quay", "—", "empty"]),
        ("“So,” she said (twice).", ["“So,”", "she", "said", "(twice)."]),
        ("up to 1,740 kr. and $5.00", ["up", "to", "1,740", "kr.", "and", "$5.00"]),
        ("港は、静か。「はい」", ["港", "は、", "静", "か。", "「は", "い」"]),
        ("きっとーだ", ["きっ", "とー", "だ"]),  # neither a small kana nor a long vowel begins a line
        ("썰물 때 보기", ["썰물", "때", "보기"]),  # between words alone
        ("भाटे के समय", ["भाटे", "के", "समय"]),
        ("لا تعرف الميناء", ["لا", "تعرف", "الميناء"]),
        ("10\u00a0km", ["10\u00a0km"]),
        ("word\u200bword", ["word\u200b", "word"]),
        ("🇳🇴🇸🇪 👩‍👩‍👧‍👦", ["🇳🇴", "🇸🇪", "👩‍👩‍👧‍👦"]),
    ],
)
def test_a_line_ends_where_unicode_lets_it(text: str, parts: list[str]) -> None:
    assert parted(text) == parts


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab é漢かー。「」अक्ीאב لا，、,.()-’ ", min_size=1, max_size=40))
def test_no_line_begins_with_what_belongs_to_the_one_before(text: str) -> None:
    for at in breaks(text):
        assert 0 < at < len(text)
        assert text[at] not in ")ー。」，、,."


# set into a box


def test_words_are_as_large_as_fits_and_in_even_lines() -> None:
    quote = put("You don't know a harbour until you've seen it at low water, when it shows what it was built on.")
    assert quote.height <= 540 and max(quote.widths) <= 900
    assert min(quote.widths[:-1]) > 0.55 * max(quote.widths)
    assert put("Low water.").size > quote.size


def test_what_does_not_fit_is_refused_and_never_cut_off() -> None:
    with pytest.raises(BadInput, match="too long for its place: 6000 characters"):
        put("harbour " * 750)


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="abc de漢字かאב ج", min_size=1, max_size=120).filter(lambda text: text.strip()))
def test_every_word_is_there_whatever_the_lines(text: str) -> None:
    lines = said(put(text, 300, 2000, size=(20, 40)))
    assert sorted("".join(lines).replace(" ", "")) == sorted("".join(text.split()))


def test_a_link_that_is_wider_than_its_line_is_parted_between_signs() -> None:
    address = "https://tidewater.example/letters/what-the-1740-carried-and-what-it-left-behind"
    assert "".join(said(put(address, 400, 900))) == address


def test_japanese_parts_between_words_where_it_can() -> None:
    lines = said(
        put("干潮のときに見るまで、港のことは分からない。港は、何の上に建てられたかを見せてくれる。", locale="ja")
    )
    assert lines[0].endswith(("に", "、")) and not any(line[0] in "。、っーょ" for line in lines)


def test_each_script_gets_a_typeface_that_has_it() -> None:
    text = "Tide прилив παλίρροια مدّ גאות ज्वार น้ำขึ้น 潮 조수"
    setting = put(text)
    assert {piece.face.sheet.family for line in setting.lines for piece in line} == {
        "Greenroom Serif", "Noto Naskh Arabic", "Frank Ruhl Libre", "Noto Sans Devanagari", "Noto Sans Thai",
        "Noto Sans CJK JP",
    }  # fmt: skip
    assert all(
        piece.face.sheet.has(each) for line in setting.lines for piece in line for each in piece.text if each > " "
    )


def test_an_arabic_line_begins_at_the_right() -> None:
    setting = put("لا تعرف الميناء")
    assert not setting.rightwards and all(not piece.rightwards for line in setting.lines for piece in line)


def test_without_fribidi_plain_scripts_are_set_and_others_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paragraph, "can_shape", lambda: False)
    monkeypatch.setattr(faces, "can_shape", lambda: False)
    assert said(put("Low 港")) == ["Low 港"]
    with pytest.raises(BadInput, match="Words in Arabic can't be set here: Pillow finds no FriBidi") as caught:
        put("لا")
    assert "libfribidi0" in caught.value.hint
