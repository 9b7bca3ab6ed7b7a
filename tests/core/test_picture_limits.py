"""The figures for pictures, and the page that lists them."""

import re
from pathlib import Path

import pytest

from core.channels import Channel, channels
from core.drafts import Picture
from core.pictures import pictures_of

PAGE = Path(__file__).parents[2] / "docs" / "platforms" / "README.md"
TAKING = [each for each in channels() if each.media.takes_images]


def row(place: Channel) -> list[str]:
    [found] = re.findall(
        rf"^\| {place.label if place.name != 'webhook' else 'webhook'} \|(.*)\|$", PAGE.read_text(), re.M
    )
    return [cell.strip() for cell in found.split("|")]


def said(cell: str) -> int | None:
    number = re.match(r"[\d,]+", cell)
    return int(number[0].replace(",", "")) if number else None


@pytest.mark.parametrize("place", TAKING, ids=lambda each: each.name)
def test_the_page_says_what_the_channels_files_say(place: Channel) -> None:
    count, size, side, kinds = row(place)
    rules = place.media
    figures = (rules.images, rules.image_bytes, rules.image_side)
    assert [said(cell) for cell in (count, size, side)] == [each.value if each else None for each in figures]
    for cell, figure in zip((count, size, side), figures, strict=True):
        if figure:
            assert figure.ours == ("our advice" in cell)
            assert figure.secondary == ("secondary source" in cell)
    spelled = {"jpeg", "png", "gif", "webp"} if kinds == "all four" else {each.lower() for each in kinds.split(", ")}
    assert spelled == set(rules.formats)


def test_the_newsletter_the_own_site_and_what_is_copied_by_hand_take_none() -> None:
    copied = {each.name for each in channels() if each.copy_only}
    assert {each.name for each in channels()} - {each.name for each in TAKING} == {"newsletter", "site"} | copied


def test_every_channel_that_takes_pictures_takes_jpeg() -> None:
    assert [each.name for each in TAKING if "jpeg" not in each.media.formats] == []


def test_a_threads_pictures_are_found_in_its_posts() -> None:
    one = Picture(sha256="a" * 64, mime="image/png", bytes=1, width=1, height=1)
    media = [one.model_dump(mode="json")]
    assert pictures_of({"text": "x"}) == ()
    assert pictures_of({"text": "x", "media": media}) == (one,)
    assert pictures_of({"text": "x", "parts": [{"text": "a", "media": media}, {"text": "b"}]}) == (one,)
