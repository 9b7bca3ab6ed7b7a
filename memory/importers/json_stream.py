"""JSON that may be larger than memory: its entries one at a time, each with the line it starts in."""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import IO, Any, NamedTuple

from memory.importers.material import Unreadable

MOST = 20 * 2**20
"""Characters of one entry."""

_CHUNK = 256 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
_NEARLY = 64  # characters from the end of what was read: a fault there may be no more than the end of the chunk


class Entry(NamedTuple):
    """A decoded value and where it stands: `path` is `posts[]` for an entry of the array `posts`."""

    path: str
    value: Any
    where: str


def entries(file: IO[bytes], where: str, opened: Callable[[str], bool], *, after: str = "") -> Iterator[Entry]:
    """Yield what stands inside the objects and arrays that `opened` names (`""` is the outermost), decoded.

    `after` is passed over first: `window.YTD.tweets.part0 = `. Raises Unreadable with the line where the JSON breaks;
    what was yielded before stands.
    """
    cursor = _Cursor(file, where)
    cursor.skip_past(after)
    yield from _inside(cursor, "", opened)


def _inside(cursor: "_Cursor", path: str, opened: Callable[[str], bool]) -> Iterator[Entry]:
    char = cursor.peek()
    if char not in ("{", "[") or not opened(path):
        where = cursor.place()
        yield Entry(path, cursor.value(), where)
        return
    cursor.take(char)
    if cursor.peek() == ("}" if char == "{" else "]"):
        cursor.take(cursor.peek())
        return
    while True:
        below = f"{path}[]"
        if char == "{":
            below = f"{path}.{cursor.value()}".lstrip(".")
            cursor.take(":")
        yield from _inside(cursor, below, opened)
        if cursor.take(",", "}" if char == "{" else "]") != ",":
            return


class _Cursor:
    """A place in the text, of which only what is needed is held."""

    def __init__(self, file: IO[bytes], where: str) -> None:
        self._file = file
        self._where = where
        self._decode = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder()
        self._text = ""
        self._at = 0
        self._line = 1  # where the text that is held begins
        self._over = False

    def place(self) -> str:
        """Return `file:line`."""
        return f"{self._where}:{self._line + self._text.count(chr(10), 0, self._at)}"

    def skip_past(self, mark: str) -> None:
        """Go on behind the first `mark`, if it stands at the beginning of the file."""
        self._more()
        found = self._text.find(mark, 0, 1000) if mark else -1
        self._at = found + len(mark) if found >= 0 else 0

    def peek(self) -> str:
        """Return the next character that is no space, or "" at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, *chars: str) -> str:
        """Go on behind one of the characters, and return it."""
        char = self.peek()
        if char not in chars or not char:
            found = f"“{char}”" if char else "the end of the file"
            raise Unreadable(self.place(), f"is not valid JSON: {found} where “{chars[0]}” should be")
        self._at += 1
        return char

    def value(self) -> Any:
        """Return the next value, whatever it is."""
        self.peek()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
                if self._over or not self._may_be_cut(end):
                    self._at = end
                    return value
                self._more(keep=True)
            except json.JSONDecodeError as error:
                if not self._may_go_on(error) or not self._more(keep=True):
                    raise Unreadable(self.place(), f"is not valid JSON ({error.msg})") from None
            except RecursionError:
                raise Unreadable(self.place(), "is JSON that is nested too deeply") from None
            except ValueError:
                raise Unreadable(self.place(), "holds a number that is too long") from None

    def _may_be_cut(self, end: int) -> bool:
        """Say whether a number ends where what was read does: of `1.5e+9` there may be no more than `1.5e+` yet."""
        return end >= len(self._text) - 3 and self._text[end : end + 1] not in (",", "]", "}", " ", "\n", "\r", "\t")

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _NEARLY

    def _more(self, *, keep: bool = False) -> bool:
        """Read on; say whether there was anything. What lies behind the place is dropped."""
        if self._over:
            return False
        if len(self._text) - self._at > MOST:
            raise Unreadable(self.place(), f"has an entry of over {MOST // 2**20} million characters")
        data = self._file.read(max(_CHUNK, len(self._text) - self._at if keep else 0))
        self._over = not data
        self._line += self._text.count("\n", 0, self._at)
        self._text, self._at = self._text[self._at :] + self._decoded(data), 0
        return bool(data)

    def _decoded(self, data: bytes) -> str:
        try:
            return self._decode.decode(data, final=not data)
        except UnicodeDecodeError as error:
            line = self._line + self._text.count("\n") + data.count(b"\n", 0, error.start)
            raise Unreadable(f"{self._where}:{line}", "is not UTF-8 text") from None
