"""One picture's words, wherever in its file they stand; and the sidecar beside it."""

from dataclasses import dataclass

from core.errors import BadInput
from core.picture_words import PictureWords
from media.containers import bare, webp_chunks
from media.metadata.carriers import Carried, carried, carrying
from media.metadata.exif import Shot, read_exif
from media.metadata.iptc import read_records, write_records
from media.metadata.xmp import read_packet, write_packet
from media.pictures import Facts, glanced

SIDECAR = ".xmp"


@dataclass(frozen=True)
class Said:
    """What a file says: what it is, its words (XMP before IPTC before EXIF), and how it was taken."""

    facts: Facts
    words: PictureWords
    shot: Shot
    notes: tuple[str, ...] = ()  # what of it could not be read


def read_said(data: bytes, *, name: str = "the picture") -> Said:
    """Return all that a picture's file says. Raises BadInput, by `name`, for what is no picture.

    XMP that is broken or hostile is not read: a note says so.
    """
    image, facts = glanced(data, name=name)
    there = carried(data, facts.mime)
    shot, words = read_exif(image)
    words = read_records(there.photoshop).over(words) if there.photoshop else words
    try:
        words = read_packet(there.xmp, name).over(words) if there.xmp else words
    except BadInput as error:  # the picture may be used all the same
        return Said(facts, words, shot, (error.message,))
    return Said(facts, words, shot)


def label_of(data: bytes, mime: str) -> PictureWords:
    """Return a file's label as made by a model, and by which; empty where there is none. Nothing is decoded."""
    there = carried(data, mime)
    try:
        words = read_packet(there.xmp) if there.xmp else PictureWords()
    except BadInput:
        return PictureWords()
    return PictureWords(source_type=words.source_type, tool=words.tool) if words.is_generated else PictureWords()


def with_words(data: bytes, mime: str, words: PictureWords, *, name: str = "the picture") -> bytes:
    """Return a JPEG's, PNG's or WebP's bytes with these words in it: XMP, and IPTC records in a JPEG.

    The coded picture, EXIF, the colour profile and all other metadata stay byte for byte. Raises BadInput where that
    can't be: then a sidecar can.
    """
    there = carried(data, mime)
    photoshop = write_records(words, there.photoshop) if mime == "image/jpeg" else b""
    return carrying(data, mime, Carried(write_packet(words, there.xmp or None, name), photoshop), name)


def same_picture(one: bytes, other: bytes, mime: str) -> bool:
    """Return whether two files draw the same picture with the same bytes, whatever else they carry."""
    if mime != "image/webp":
        return bare(one, mime) is not None and bare(one, mime) == bare(other, mime)
    try:
        return _drawn(one) == _drawn(other)
    except (IndexError, ValueError):
        return False


def _drawn(data: bytes) -> list[bytes]:
    """A WebP's chunks that draw; its extended head only says which others there are."""
    return [data[at:end] for kind, at, end in webp_chunks(data) if kind not in (b"VP8X", b"XMP ", b"EXIF")]


def sidecar(words: PictureWords, there: bytes | None = None, *, name: str = "the sidecar") -> bytes:
    """Return an .xmp file with these words, and all else that the one that is there says."""
    return write_packet(words, there, name)


def read_sidecar(data: bytes, *, name: str = "the sidecar") -> PictureWords:
    """Return what an .xmp file says. Raises BadInput, by `name`."""
    return read_packet(data, name)
