"""A voice score as it is drawn: legible in every script, true to its numbers, within its frame."""

from io import BytesIO

import pytest
from PIL import Image

from core.drafts import VoiceReason
from core.errors import BadInput
from core.look import Look
from media.typefaces import Shelf
from media.voice_chart import VoicePicture, draw_voice

SHELF = Shelf(system=())
LOOK = Look()
SAYS = "in your voice, between 60 and 83, measured on 14 works of yours"
WORDS = {
    "en": "commas 6.7 per 100 words, yours 2.7",
    "ru": "запятые 6.7 на 100 слов, ваши 2.7",
    "ar": "فواصل 6.7 لكل 100 كلمة، لك 2.7",
    "he": "פסיקים 6.7 לכל 100 מילים, שלך 2.7",
    "hi": "अल्पविराम 6.7 प्रति 100 शब्द, आपके 2.7",
    "ja": "読点 6.7 / 100語、あなた 2.7",
    "th": "จุลภาค 6.7 ต่อ 100 คำ ของคุณ 2.7",
}


def drawn(score: int, low: int, high: int, *reasons: VoiceReason, look: Look = LOOK) -> Image.Image:
    data = draw_voice(VoicePicture(score, low, high, SAYS, reasons), look=look, shelf=SHELF)
    assert data == draw_voice(VoicePicture(score, low, high, SAYS, reasons), look=look, shelf=SHELF)
    return Image.open(BytesIO(data)).convert("RGB")


def reason(text: str, draft: float = 6.7, yours: float = 2.7) -> VoiceReason:
    return VoiceReason(feature="x", draft=draft, yours=yours, text=text)


def columns(image: Image.Image, colour: str, row: int) -> list[int]:
    """Return where a row has a colour, or nearly."""
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    pixels = [image.getpixel((x, row)) for x in range(image.width)]
    return [x for x, each in enumerate(pixels) if max(abs(a - b) for a, b in zip(each, wanted, strict=True)) < 3]  # type: ignore[arg-type]


def bar(image: Image.Image, colour: str) -> tuple[int, int]:
    """Return (left, width) of the longest bar in a colour, under the legend."""
    found = [columns(image, colour, row) for row in range(306, image.height)]
    whole = [each for each in found if len(each) > 60 and each[-1] - each[0] == len(each) - 1]
    longest = max(whole, key=len)
    return longest[0], len(longest)


@pytest.mark.parametrize(("score", "low", "high"), [(72, 60, 83), (0, 0, 3), (100, 100, 100), (50, 0, 100)])
def test_the_mark_and_the_range_stand_where_the_numbers_say(score: int, low: int, high: int) -> None:
    image = drawn(score, low, high)
    assert image.width == 800 and image.getpixel((0, 0)) == (0xF6, 0xF4, 0xEF)
    mark = columns(image, LOOK.accent, 160)  # above the track only the mark is seen
    assert abs((mark[0] + mark[-1]) / 2 - (40 + 7.2 * score)) <= 6
    assert mark[0] >= 40 and mark[-1] < 760
    ranged = columns(image, "#8eb6a7", 177)
    assert min(ranged, default=mark[0]) >= min(40 + 7.2 * low - 22, mark[0]) and max(ranged, default=0) < 760
    if low != high:
        assert abs(min(ranged[0], mark[0]) - (40 + 7.2 * low)) <= 12


def test_a_pair_of_bars_is_as_long_as_its_rates() -> None:
    image = drawn(72, 60, 83, reason(WORDS["en"]))
    assert bar(image, LOOK.accent)[1] / bar(image, LOOK.soft)[1] == pytest.approx(2.7 / 6.7, abs=0.01)


@pytest.mark.parametrize("script", WORDS)
def test_reasons_in_every_script_are_drawn_from_their_own_side(script: str) -> None:
    image = drawn(72, 60, 83, reason(WORDS[script]))
    left, wide = bar(image, LOOK.soft)
    assert (left + wide == 760) if script in ("ar", "he") else (left == 40)


def test_it_is_drawn_in_the_workspaces_colours() -> None:
    look = Look(paper="#ffffff", accent="#203a8f")
    image = drawn(72, 60, 83, reason(WORDS["en"]), look=look)
    assert image.getpixel((0, 0)) == (255, 255, 255) and bar(image, "#203a8f")[1] > 200


def test_words_that_no_place_holds_are_refused() -> None:
    with pytest.raises(BadInput, match="too long"):
        drawn(72, 60, 83, reason("commas and " * 60))
