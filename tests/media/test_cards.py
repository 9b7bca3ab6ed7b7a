"""Cards as they are drawn: in every script, in the workspace's look, legible or refused; and layouts of one's own."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from pydantic import ValidationError

from core.errors import BadInput
from core.look import Look
from media.cards import Card, draw_card
from media.focus import Focus
from media.layouts import Layout, layout_named, layouts, read_layout
from media.typefaces import Shelf
from tests.media.making import halves

SHELF = Shelf(system=())
QUOTES = {
    "en": "You don't know a harbour until you've seen it at low water.",
    "ru": "Не знаешь гавани, пока не увидишь её в отлив.",
    "el": "Δεν ξέρεις ένα λιμάνι μέχρι να το δεις στην άμπωτη.",
    "ar": "لا تعرف الميناء حتى تراه عند الجزر (عام 1740).",
    "he": "אי אפשר להכיר נמל עד שרואים אותו בשפל (בשנת 1740).",
    "hi": "आप किसी बंदरगाह को तब तक नहीं जानते, जब तक उसे भाटे के समय न देख लें।",
    "th": "คุณจะไม่รู้จักท่าเรือจนกว่าจะได้เห็นมันในยามน้ำลง",
    "ja": "干潮のときに見るまで、港のことは分からない。",
    "zh": "不在退潮时看过港口，就不算认识它。",
    "ko": "썰물 때 보기 전에는 항구를 안다고 할 수 없다.",
}


def drawn(layout: str = "quote", format_: str = "square", locale: str = "en", **fields: Any) -> Card:
    how = {key: fields.pop(key) for key in ("look", "picture", "focus") if key in fields}
    return draw_card(
        layout_named(layout), format_, fields, look=how.pop("look", Look()), shelf=SHELF, locale=locale, **how
    )


def image(card: Card) -> Image.Image:
    return Image.open(BytesIO(card.data)).convert("RGB")


def ink(card: Card, box: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """Where something is drawn inside a box, counted from the box's corner."""
    part = image(card).crop(box)
    return ImageChops.difference(part, Image.new("RGB", part.size, Look().paper)).getbbox()


@pytest.mark.parametrize("locale", QUOTES)
def test_a_quote_in_each_script_is_set_large_inside_its_place(locale: str) -> None:
    card = drawn(locale=locale, text=QUOTES[locale])
    assert (card.width, card.height) == image(card).size == (1080, 1080)
    assert card.sizes["text"] >= 80
    found = ink(card, (0, 230, 1080, 840))
    assert found is not None and found[0] >= 80 and found[2] <= 1000 and found[3] <= 590
    start, end = found[0] - 90, 990 - found[2]  # what is left free at the left and at the right of the words' place
    assert (end < 12) if locale in ("ar", "he") else (start < 12)  # each begins where its script does


def test_a_card_that_runs_leftwards_is_mirrored_whole() -> None:
    card = drawn(text=QUOTES["he"], by="אנה טייד", locale="he")
    assert ink(card, (0, 840, 400, 980)) is None  # the name and the rule stand at the right
    assert (ink(card, (540, 840, 1080, 980)) or (0,))[0] > 100


def test_what_is_drawn_is_the_letters_and_no_boxes() -> None:
    shapes = [ink(drawn(text=each), (0, 230, 1080, 840)) for each in ("潮", "時", "भा", "ลง")]
    assert None not in shapes and len(set(shapes)) == len(shapes)  # an empty box would look the same each time


def test_the_same_words_give_the_same_bytes() -> None:
    assert drawn(text="Low water.", by="Ines").data == drawn(text="Low water.", by="Ines").data


@pytest.mark.parametrize(("locale", "sign"), [("de", "„"), ("fr", "«"), ("ja", "「"), ("en", "“"), ("xx", "“")])
def test_the_opening_mark_is_the_languages_own_and_stays_in_its_place(locale: str, sign: str) -> None:
    from media.cards import _opening

    assert _opening(locale) == sign
    mark = ink(drawn(text="Tide", locale=locale), (0, 40, 1080, 230))
    assert mark is not None and mark[0] == 90 and mark[1] == 56  # by its ink


def test_empty_fields_leave_no_trace_and_unknown_ones_are_named() -> None:
    assert drawn(text="Tide", by=" ").data == drawn(text="Tide").data
    with pytest.raises(BadInput, match="no place for kicker") as caught:
        drawn(text="Tide", kicker="Letters")
    assert "text, by, source, workspace" in caught.value.hint
    with pytest.raises(BadInput, match="no words"):
        drawn(text="  ")
    with pytest.raises(BadInput, match="no format “round”"):
        drawn(format_="round", text="Tide")
    with pytest.raises(BadInput, match="too long for its place"):
        drawn(text="harbour " * 400)
    with pytest.raises(BadInput, match="5,000 characters"):
        drawn(text="x" * 5000)


@pytest.mark.parametrize(
    ("layout", "format_"),
    [("cover", "portrait"), ("cover", "wide"), ("picture", "portrait"), ("picture", "wide"), ("quote", "wide")],
)
def test_each_layout_takes_words_of_ordinary_length(layout: str, format_: str) -> None:
    fields = {"text": "What the 1740 carried, and what it left behind", "by": "Ines Tide", "workspace": "Tidewater"}
    more = {"picture": halves(900, 600)} if layout == "picture" else {}
    card = drawn(layout, format_, **fields, **more)
    assert image(card).size == layout_named(layout).page(format_).size
    assert card.sizes["text"] >= 50


def test_a_picture_is_cut_around_its_point() -> None:
    def left(focus: Focus | None) -> Any:
        card = drawn("picture", "wide", text="Fog", picture=halves(1600, 630), focus=focus)
        return image(card).getpixel((280, 300))

    assert left(Focus(0.1, 0.5, "given")) == (255, 0, 0)
    assert left(Focus(0.9, 0.5, "given")) == (0, 0, 255)


def test_a_picture_is_needed_where_there_is_a_place_and_nowhere_else() -> None:
    with pytest.raises(BadInput, match="needs a picture"):
        drawn("picture", text="Fog")
    with pytest.raises(BadInput, match="no place for a picture"):
        drawn("quote", text="Fog", picture=halves())


# the look


def test_the_workspaces_colours_are_on_the_card() -> None:
    card = drawn("cover", text="Fog", look=Look(accent="#7a2e1d"))
    assert image(card).getpixel((5, 5)) == (0x7A, 0x2E, 0x1D)


@pytest.mark.parametrize(("name", "value"), [("ink", "#999999"), ("soft", "#bbbbbb"), ("accent", "#eeeeee")])
def test_colours_that_can_not_be_read_are_no_look(name: str, value: str) -> None:
    with pytest.raises(ValidationError, match=rf"{name} \({value}\) on paper .* contrast of 1|2"):
        Look.model_validate({name: value})


def test_a_look_may_be_dark() -> None:
    assert all(each.ok for each in Look(paper="#101418", ink="#f4f1ea", soft="#a9b0b8", accent="#e0b050").contrasts())


def test_a_family_that_is_not_here_is_named() -> None:
    with pytest.raises(BadInput, match="no font “Futura” here"):
        drawn(text="Fog", look=Look(title="Futura"))


# layouts of one's own

PAGE = """name: mine
says: One line
fields: [text]
formats:
  square:
    size: [400, 400]
    parts:
"""
WORDS = '      - {kind: text, text: "{text}", box: [20, 20, 360, 360], size: [20, 60]}\n'


def mine(parts: str = WORDS, page: str = PAGE) -> Layout:
    return read_layout((page + parts).encode(), "mine.yaml")


def test_a_persons_own_layout_is_read_and_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "quote.yaml").write_text((PAGE + WORDS).replace("mine", "quote"))
    (tmp_path / "mine.yaml").write_text(PAGE + WORDS)
    assert [each.name for each in layouts(tmp_path)] == ["cover", "mine", "picture", "quote", "slide"]
    assert list(layout_named("quote", tmp_path).formats) == ["square"]
    with pytest.raises(BadInput, match="no layout “poster”") as caught:
        layout_named("poster", tmp_path)
    assert "layouts/" in caught.value.hint


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ("      - {kind: text, box: [0, 0, 0, 10]}", "parts.0.box.2"),
        ("      - {kind: video, box: [0, 0, 10, 10]}", "parts.0.kind"),
        ("      - {kind: text, box: [0, 0, 9, 9], colour: pink}", "parts.0.colour"),
        ("      []", "parts"),
        ("      - {kind: text", "line"),
        ("      - &a {kind: text, box: [0, 0, 9, 9]}", "anchors and aliases"),
    ],
)
def test_a_broken_layout_names_its_file_and_field(parts: str, where: str) -> None:
    with pytest.raises(BadInput, match=rf"mine\.yaml.*{where}"):
        mine(parts)


def test_a_layout_of_endless_aliases_or_size_is_refused() -> None:
    with pytest.raises(BadInput, match="more than 100,000 bytes"):
        read_layout(b"#" * 100_001, "mine.yaml")
    with pytest.raises(BadInput, match="size"):
        mine(page=PAGE.replace("400, 400", "90000, 90000"))


def test_pale_words_of_a_layout_are_refused_when_they_are_drawn() -> None:
    pale = mine(WORDS.replace("size:", "colour: line, size:"))
    with pytest.raises(BadInput, match=r"line \(#d8d0c0\) on #f6f4ef has a contrast of 1\.4") as caught:
        draw_card(pale, "square", {"text": "Fog"}, look=Look(), shelf=SHELF)
    assert "pictures look" in caught.value.hint


def test_words_never_stand_on_a_picture() -> None:
    over = mine("      - {kind: picture, box: [0, 0, 400, 400]}\n" + WORDS)
    with pytest.raises(BadInput, match="words on the picture"):
        draw_card(over, "square", {"text": "Fog"}, look=Look(), shelf=SHELF, picture=halves())
