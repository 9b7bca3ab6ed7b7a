import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.importers import json_stream
from memory.importers.json_stream import entries
from memory.importers.material import Unreadable

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=15,
)


def found(text: str, *opened: str, after: str = "") -> list[tuple[str, Any]]:
    return [(e.path, e.value) for e in entries(io.BytesIO(text.encode()), "a.json", opened.__contains__, after=after)]


@given(st.lists(VALUES, max_size=12), st.integers(1, 40), st.sampled_from([None, 1]), st.booleans())
def test_yields_what_json_says_however_it_is_cut(
    values: list[Any], chunk: int, indent: int | None, ascii: bool
) -> None:
    text = json.dumps(values, indent=indent, ensure_ascii=ascii)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK", chunk)
        assert found(text, "") == [("[]", value) for value in values]
        assert found(f'{{"x": 1, "rows": {text}, "y": [2]}}', "", "rows") == [
            ("x", 1), *(("rows[]", value) for value in values), ("y", [2]),
        ]  # fmt: skip


def test_names_the_line_of_each_entry() -> None:
    rows = entries(io.BytesIO(b'[\n  {"a": 1},\n\n  {"a":\n 2}, 3]'), "a.json", lambda path: path == "")
    assert [entry.where for entry in rows] == ["a.json:2", "a.json:4", "a.json:5"]


def test_passes_over_an_assignment_and_a_byte_order_mark() -> None:
    assert found("window.YTD.tweets.part0 = [1]", "", after="=") == [("[]", 1)]
    assert found("\ufeff[1, 2]", "") == [("[]", 1), ("[]", 2)]
    assert found("[]", "") == found("{}", "") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"[1, 2", "the end of the file where “,” should be"),
        (b"[1 2]", "“2” where “,” should be"),
        (b'[{"a" 1}]', "is not valid JSON"),
        (b"[1,\n nonsense]", "a.json:2: is not valid JSON (Expecting value)"),
        (b'["abc', "Unterminated string"),
        (b"", "is not valid JSON"),
        (b"[" + b"[" * 99_999, "nested too deeply"),
        (b"[" + b"9" * 9_999 + b"]", "holds a number that is too long"),
        (b'[1,\n"\xff"]', "a.json:2: is not UTF-8 text"),
    ],
)
def test_says_where_it_breaks(text: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        list(entries(io.BytesIO(text), "a.json", lambda path: path == ""))
    assert reason in caught.value.message


def test_an_endless_entry_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MOST", 10_000)

    class Endless(io.RawIOBase):
        served = 0

        def read(self, size: int = -1) -> bytes:
            self.served += size
            return b'["' if self.served == size else b"x" * size

    file = Endless()
    with pytest.raises(Unreadable, match="has an entry of over"):
        list(entries(file, "a.json", lambda path: path == ""))
    assert file.served < 2_000_000


def test_memory_stays_small_for_a_large_file() -> None:
    import tracemalloc

    row = json.dumps({"text": "x" * 1000}).encode()

    class Large(io.RawIOBase):
        left = 60_000

        def read(self, size: int = -1) -> bytes:
            if not self.left:
                return b""
            count = min(self.left, max(1, size // len(row)))
            first, self.left = self.left == 60_000, self.left - count
            return (b"[" if first else b",") + b",".join([row] * count) + (b"" if self.left else b"]")

    tracemalloc.start()
    assert sum(1 for _ in entries(Large(), "a.json", lambda path: path == "")) == 60_000
    assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    tracemalloc.stop()
