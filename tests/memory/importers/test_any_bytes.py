"""Whatever a file holds, an importer answers with pieces or with an error that names the file."""

import json
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical import canonical
from core.errors import BadInput
from memory.importers import IMPORTERS, Failure, read

BEGINNINGS = {
    "md": [b"---\n", b"---\ntitle: ", b"+++\ntitle = ", b"---\na: &a [*a, ", b"# "],
    "html": [b"<html><body><p>", b'<script type="application/ld+json">', b"<article><table><tr><td>",
             b"<meta charset="],
    "jsonl": [b'{"id": 1, "text": "', b'{"text": "x", "date": ', b'{"text": "x", "tags": '],
    "json": [b'[{"text": "', b'{"version": "https://jsonfeed.org/version/1.1", "items": [', b"[["],
    "xml": [b"<rss version='2.0'><channel><item><description>", b"<?xml version='1.0' encoding='",
            b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><content type='html'>", b"<!DOCTYPE x ["],
    "vtt": [b"WEBVTT\n\n00:01.000 --> 00:02.000\n", b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v "],
    "srt": [b"1\n00:00:01,000 --> 00:00:02,000\n", b"1\n00:00:01,000 --> 9999999999999:00:02,000\nx\n\n2\n"],
    "txt": [b"\xff\xfe", b"\xef\xbb\xbf", b"Title\n\n"],
}  # fmt: skip
MARKS = st.sampled_from(
    [b"\n", b"---", b"\n---\n", b"+++", b"<", b">", b"</p>", b"&#xD800;", b"&amp;", b'"', b"\\ud800", b"{", b"}", b"[",
     b"]", b": ", b"!!python/name:os ", b"*a", b"&a", b"\xc3", b"\xed\xa0\x80", b"]]>", b"<![CDATA[", b"<!--", b"<v A>",
     b"-->", b"2025-13-99", b"1e999", b"date: 03/04/05\n", b"\x85", b"\r", b"\xef\xbb\xbf", b"title", b"</item>", b"?>"]
)  # fmt: skip
TEXT = st.text(max_size=12).map(lambda text: text.encode("utf-8"))
SOUP = st.lists(st.one_of(MARKS, st.binary(max_size=12), TEXT), max_size=30)


@pytest.mark.parametrize("suffix", sorted(IMPORTERS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_bytes_give_sound_pieces_or_a_named_error(suffix: str, data: st.DataObject) -> None:
    beginning = data.draw(st.sampled_from([b"", *BEGINNINGS.get(suffix[1:], BEGINNINGS["xml"])]))
    content = beginning + b"".join(data.draw(SOUP))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(content)
        failed: list[Failure] = []
        try:
            pieces = list(read(path, root=Path(folder), failed=failed))
        except BadInput as error:
            assert error.message.startswith(str(path))
            return
    assert all(failure.path.startswith(str(path)) and failure.error for failure in failed)
    for piece in pieces:
        assert piece.body.strip()
        assert piece.published_at is None or piece.published_at.tzinfo is not None
        canonical(piece.model_dump(mode="json"))  # can be hashed, stored and sent
        assert unicodedata.is_normalized("NFC", piece.title + "\n" + piece.body)
        assert not {"\x00", "\ufeff", "\r"} & set(json.dumps(piece.model_dump(mode="json"), ensure_ascii=False))
