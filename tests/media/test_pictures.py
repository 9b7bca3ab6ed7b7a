"""Pictures: what they are, what is left out of them, and how they are made to fit."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from core.errors import BadInput
from media.containers import bare
from media.pictures import fit, read_picture
from tests.media.making import ALL, PRIVATE, exif, film, halves, noise, opened, photo, saved

ANY = {"most_bytes": None, "most_side": None, "formats": ALL}


def webp() -> bytes:
    return saved(halves(), "WEBP", exif=exif(), xmp=b"<?xpacket ines was here?>", quality=90)


TAMED = {"JPEG": photo, "PNG": lambda: saved(halves(), "PNG", exif=exif()), "WEBP": webp}


FILES = {
    "photo": photo(orientation=6),
    **{f"still {kind}": saved(halves(), kind) for kind in ("PNG", "GIF", "WEBP")},
    **{f"moving {kind}": film(kind=kind) for kind in ("PNG", "GIF", "WEBP")},
}


def tells_nothing(data: bytes) -> None:
    assert [mark for mark in PRIVATE if mark in data] == []
    image = opened(data)
    assert dict(image.getexif()) == {}
    assert not image.info.keys() & {"exif", "xmp", "comment", "photoshop", "mp"}


# what a picture is


@pytest.mark.parametrize(
    ("kind", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"), ("WEBP", "image/webp")]
)
def test_reads_the_four_kinds(kind: str, mime: str) -> None:
    facts = read_picture(saved(halves(), kind))
    assert (facts.mime, facts.width, facts.height, facts.animated) == (mime, 80, 40, False)


@pytest.mark.parametrize(("kind", "mime"), [("GIF", "image/gif"), ("WEBP", "image/webp"), ("PNG", "image/png")])
def test_says_what_moves(kind: str, mime: str) -> None:
    facts = read_picture(film(kind=kind))
    assert (facts.mime, facts.animated) == (mime, True)


def test_a_picture_is_as_wide_as_it_is_looked_at() -> None:
    facts = read_picture(photo(orientation=6))
    assert (facts.width, facts.height) == (40, 80)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"GIF89a",
        saved(halves(), "TIFF"),
        saved(halves(), "BMP"),
    ],
)
def test_refuses_what_is_no_picture_of_these_kinds_by_name(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"harbour\.jpg"):
        read_picture(data, name="harbour.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_refuses_a_picture_that_was_cut_short(kind: str, part: float) -> None:
    data = saved(noise(60, 60), kind)
    for call in (read_picture, lambda data, name: fit(data, name=name, **ANY)):
        with pytest.raises(BadInput, match="cut me"):
            call(data[: int(len(data) * part)], name="cut me")


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it has that many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 1) * height)) if width * height < 10**9 else zlib.compress(b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(10_000, 9_000), (20_000, 10_000), (2**31 - 1, 2**31 - 1)])
def test_does_not_open_a_decompression_bomb(width: int, height: int, recwarn: pytest.WarningsRecorder) -> None:
    data = bomb(width, height)
    assert len(data) < 40_000
    with pytest.raises(BadInput, match=r"bomb\.png has more pixels"):
        fit(data, name="bomb.png", **ANY)
    assert list(recwarn) == []


def test_respects_the_bound_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 80 * 40 - 1)
    with pytest.raises(BadInput, match="more pixels"):
        read_picture(saved(halves(), "PNG"))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 80 * 40)
    read_picture(saved(halves(), "PNG"))


# what is left out


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_fits_and_tells_nothing_stays_byte_for_byte(kind: str) -> None:
    data = saved(noise(50, 30), kind)
    made = fit(data, most_bytes=len(data), most_side=50, formats=ALL)
    assert (made.data, made.changed) == (data, False)
    assert (made.width, made.height) == (50, 30)


@pytest.mark.parametrize("kind", list(TAMED))
def test_the_place_and_the_camera_are_always_left_out_and_not_a_pixel_is_lost(kind: str) -> None:
    data = TAMED[kind]()
    assert any(mark in data for mark in PRIVATE)
    made = fit(data, **ANY)
    tells_nothing(made.data)
    assert made.changed
    assert opened(made.data).tobytes() == opened(data).tobytes()
    assert fit(made.data, **ANY).changed is False


@pytest.mark.parametrize("kind", list(TAMED))
def test_they_are_left_out_of_what_is_made_smaller_too(kind: str) -> None:
    made = fit(TAMED[kind](), most_bytes=None, most_side=20, formats=ALL)
    tells_nothing(made.data)
    assert (made.width, made.height) == (20, 10)


def test_notes_in_a_png_and_a_gif_are_left_out() -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Author", "ines was here")
    notes.add_itxt("XML:com.adobe.xmp", "<?xpacket ines was here?>")
    tells_nothing(fit(saved(halves(), "PNG", pnginfo=notes), **ANY).data)
    gif = saved(halves(), "GIF", comment=b"ines was here")
    assert b"ines was here" in gif
    tells_nothing(fit(gif, **ANY).data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_hangs_on_behind_the_end_is_left_out(kind: str) -> None:
    """A telephone's moving photograph is a JPEG with a film behind it."""
    data = saved(halves(), kind)
    made = fit(data + b"\x00\x00\x00\x18ftypmp42 ines was here", **ANY)
    assert made.data == data


def test_the_further_pictures_in_a_telephones_file_are_left_out() -> None:
    both = saved(halves(), "MPO", save_all=True, append_images=[noise(80, 40)], exif=exif())
    assert read_picture(both).mime == "image/jpeg"
    made = fit(both, **ANY)
    tells_nothing(made.data)
    assert len(made.data) < len(both) / 2
    assert opened(made.data).format == "JPEG"


def test_a_thumbnail_of_what_was_cropped_away_is_left_out() -> None:
    data = saved(halves(), "JPEG")
    jfxx = b"\xff\xe0" + struct.pack(">H", 2 + 24) + b"JFXX\x00\x10" + b"ines was here" + bytes(5)
    assert fit(data[:20] + jfxx + data[20:], **ANY).data == data


def test_a_film_keeps_moving_and_loses_only_what_is_private() -> None:
    data = film(comment=b"ines was here")
    made = fit(data, **ANY)
    assert b"ines was here" not in made.data
    assert read_picture(made.data).animated
    assert opened(made.data).n_frames == 3
    assert opened(made.data).info["loop"] == 0
    assert fit(film(), **ANY).changed is False


@pytest.mark.parametrize(
    "bounds",
    [{"most_bytes": 50}, {"most_side": 20}, {"formats": ("image/jpeg", "image/png")}],
)
def test_a_film_is_never_made_still(bounds: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=r"wave\.gif moves") as refused:
        fit(film(), name="wave.gif", **{**ANY, **bounds})
    assert "still picture" in refused.value.hint


def test_a_film_that_was_cut_short_is_refused() -> None:
    with pytest.raises(BadInput, match="to its end"):
        fit(film()[:-20], **ANY)


@given(kind=st.sampled_from(sorted(FILES)), at=st.integers(0, 10**6), byte=st.integers(0, 255))
@settings(max_examples=250, deadline=None)
def test_a_file_with_a_changed_byte_is_refused_or_tells_nothing(kind: str, at: int, byte: int) -> None:
    data = bytearray(FILES[kind])
    data[at % len(data)] = byte
    try:
        made = fit(bytes(data), **ANY)
    except BadInput:
        return
    assert b"ines was here" not in made.data
    assert bare(made.data, made.mime) == made.data


# how it is made to fit


@pytest.mark.parametrize("orientation", [1, 2, 3, 4, 5, 6, 7, 8])
def test_a_photo_is_upright(orientation: int) -> None:
    data = photo(orientation=orientation, quality=95)
    made = fit(data, **ANY)
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(opened(data))
    image = opened(made.data)
    assert image.size == upright.size == (made.width, made.height)
    assert image.getexif().get(0x0112, 1) == 1
    for point in ((2, 2), (upright.width - 3, upright.height - 3)):
        assert max(abs(a - b) for a, b in zip(image.getpixel(point), upright.getpixel(point), strict=True)) < 12


@given(
    width=st.integers(1, 120),
    height=st.integers(1, 120),
    kind=st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]),
    mode=st.sampled_from(["RGB", "L", "RGBA", "CMYK"]),
    most_side=st.integers(1, 150),
    most_bytes=st.integers(900, 20_000),
    formats=st.sampled_from([ALL, ("image/jpeg",), ("image/jpeg", "image/png")]),
)
@settings(max_examples=120, deadline=None)
def test_whatever_it_was_it_fits(
    width: int, height: int, kind: str, mode: str, most_side: int, most_bytes: int, formats: tuple[str, ...]
) -> None:
    image = noise(width, height, mode=mode)
    if (mode, kind) in (("RGBA", "JPEG"), ("CMYK", "PNG"), ("CMYK", "GIF"), ("CMYK", "WEBP")):
        image = image.convert("RGB")
    data = saved(image, kind)
    made = fit(data, most_bytes=most_bytes, most_side=most_side, formats=formats)
    facts = read_picture(made.data)
    assert len(made.data) <= most_bytes
    assert (facts.mime, facts.width, facts.height) == (made.mime, made.width, made.height)
    assert made.mime in formats
    assert max(made.width, made.height) <= most_side
    longest = max(width, height)
    if min(made.width, made.height) > 20:  # with fewer pixels, rounding shows
        assert made.width / made.height == pytest.approx(width / height, rel=0.06)
    assert max(made.width, made.height) <= longest
    assert made.changed == (made.data != data)
    assert fit(data, most_bytes=most_bytes, most_side=most_side, formats=formats) == made


def test_quality_goes_before_size() -> None:
    data = saved(noise(200, 200), "JPEG", quality=100)
    full = fit(data, most_bytes=len(data) // 2, most_side=None, formats=ALL)
    assert (full.width, full.height) == (200, 200)
    small = fit(data, most_bytes=len(data) // 20, most_side=None, formats=ALL)
    assert small.width == small.height < 120


def test_a_drawing_stays_a_drawing_where_it_fits() -> None:
    made = fit(saved(halves(400, 200), "PNG"), most_bytes=None, most_side=200, formats=("image/jpeg", "image/png"))
    assert made.mime == "image/png"
    assert opened(made.data).getpixel((10, 10)) == (255, 0, 0)


def test_what_is_see_through_stays_so_or_lies_on_white() -> None:
    image = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 30, 60))
    data = saved(image, "PNG")
    kept = fit(data, most_bytes=None, most_side=30, formats=("image/jpeg", "image/png"))
    assert opened(kept.data).getpixel((25, 15))[3] == 0
    flat = fit(data, most_bytes=None, most_side=None, formats=("image/jpeg",))
    assert flat.mime == "image/jpeg"
    assert min(opened(flat.data).getpixel((55, 30))) > 245


def test_a_screenshot_whose_every_pixel_is_solid_may_become_a_jpeg() -> None:
    solid = noise(200, 200).convert("RGBA")
    made = fit(saved(solid, "PNG"), most_bytes=50_000, most_side=None, formats=("image/jpeg", "image/png"))
    assert (made.mime, made.width) == ("image/jpeg", 200)


def test_sixteen_bits_become_eight() -> None:
    deep = Image.new("I;16", (40, 40), 32_896)
    made = fit(saved(deep, "PNG"), most_bytes=None, most_side=20, formats=("image/jpeg",))
    assert opened(made.data).getpixel((5, 5)) == pytest.approx(128, abs=2)


def test_another_colour_profile_becomes_srgb_when_it_is_encoded_anew() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(halves(), "JPEG", icc_profile=lab, quality=95)
    assert fit(data, **ANY).data == data  # kept with its profile
    small = fit(data, most_bytes=None, most_side=20, formats=ALL)
    assert "icc_profile" not in opened(small.data).info
    assert opened(small.data).getpixel((2, 5))[0] > 240


def test_a_broken_profile_harms_nobody() -> None:
    made = fit(saved(halves(), "JPEG", icc_profile=b"no profile" * 20), most_bytes=None, most_side=20, formats=ALL)
    assert opened(made.data).getpixel((2, 5))[0] > 240


def test_says_so_where_nothing_fits() -> None:
    with pytest.raises(BadInput, match="at no size is it a GIF or JPEG of at most 10 bytes"):
        fit(saved(noise(64, 64), "PNG"), most_bytes=10, most_side=None, formats=("image/jpeg", "image/gif"))


def test_a_great_photo_is_made_to_fit_in_a_moment() -> None:
    big = noise(600, 450, seed=3).resize((3000, 2250))
    data = photo(big, quality=95)
    made = fit(data, most_bytes=2_000_000, most_side=4000, formats=("image/jpeg", "image/png"))
    assert len(made.data) <= 2_000_000
    assert made.width > 1200
    tells_nothing(made.data)
    assert BytesIO(made.data).read(2) == b"\xff\xd8"
