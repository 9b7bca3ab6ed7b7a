"""The point of a picture, and what is cut around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from core.errors import BadInput
from media.focus import Focus, find_focus, focus_from, window
from media.pictures import fit, focus_of
from tests.media.making import opened, saved

ANY = {"most_bytes": None, "most_side": None, "formats": ("image/jpeg", "image/png")}


def sea(x: float, y: float, size: tuple[int, int] = (900, 600)) -> Image.Image:
    """Calm water under a calm sky, and one buoy."""
    image = Image.new("RGB", size, "#8899aa")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, size[1] // 2, size[0], size[1]), fill="#667788")
    pen.ellipse((x * size[0] - 45, y * size[1] - 45, x * size[0] + 45, y * size[1] + 45), fill="#e05020")
    return image


@pytest.mark.parametrize("place", [(0.2, 0.3), (0.75, 0.6), (0.5, 0.5), (0.85, 0.2)])
def test_what_stands_out_is_found(place: tuple[float, float]) -> None:
    found = find_focus(sea(*place))
    assert found.found == "contrast"
    assert abs(found.x - place[0]) < 0.12 and abs(found.y - place[1]) < 0.12
    assert find_focus(sea(*place)) == found  # the same every time


def test_where_nothing_stands_out_it_is_the_middle() -> None:
    assert find_focus(Image.new("L", (40, 400), 128)) == Focus(0.5, 0.5, "middle")
    assert "nothing stands out" in Focus(0.5, 0.5, "middle").said()


def test_a_turned_photo_is_looked_at_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = saved(sea(0.2, 0.5), "JPEG", exif=exif)  # upright, its left is its top
    found = focus_of(lying)
    assert abs(found.x - 0.5) < 0.15 and found.y < 0.35


@pytest.mark.parametrize("said", ["0.3", "a,b", "1.2,0.5", "-0.1,0", "0.1,0.2,0.3", "nan,0.5"])
def test_a_point_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(BadInput):
        focus_from(said)
    assert focus_from("0.3, 1") == Focus(0.3, 1.0, "given")


@given(
    st.tuples(st.integers(1, 4000), st.integers(1, 4000)),
    st.floats(0.05, 20),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_what_is_cut_lies_inside_has_the_shape_and_the_point(
    size: tuple[int, int], shape: float, x: float, y: float
) -> None:
    left, top, right, bottom = window(size, shape, Focus(x, y, "given"))
    assert 0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]
    assert right - left == size[0] or bottom - top == size[1]  # as much as can be
    assert abs((right - left) - (bottom - top) * shape) <= max(1.0, shape)
    assert left - 1 <= x * size[0] <= right + 1 and top - 1 <= y * size[1] <= bottom + 1


def test_a_rendition_is_cut_to_its_shape_around_the_point() -> None:
    wide = saved(sea(0.9, 0.5, (1200, 400)), "PNG")
    found = fit(wide, **ANY, shape=1.0)  # type: ignore[arg-type]
    assert (found.width, found.height) == (400, 400)
    red = opened(found.data).convert("RGB").getpixel((280, 200))
    assert isinstance(red, tuple) and red[0] > 200 and red[2] < 60
    given_ = fit(wide, **ANY, shape=1.0, focus=Focus(0, 0, "given"))  # type: ignore[arg-type]
    assert opened(given_.data).convert("RGB").getpixel((280, 100)) == (0x88, 0x99, 0xAA)


def test_what_has_the_shape_stays_byte_for_byte() -> None:
    square = saved(sea(0.5, 0.5, (300, 300)), "PNG")
    assert fit(square, **ANY, shape=1.0).data == square  # type: ignore[arg-type]
