"""Private material, found again wherever it turns up: by six words in a row, by what names it, by its marks.

Rules only: what is private is handed in. What is found is never shown: a match says that there is one, not where.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

RUN = 6
"""Words in a row that make a quote: shorter runs are everybody's. Ten Chinese signs are as much, fifteen of kana."""

LEAST = 3
"""A private text of fewer words (a title such as "Notes") is everybody's too, unless a mark is in it."""

SUPPORTING = frozenset(
    {
        "works",
        "exemplars",
        "edits",
        "turned_down",
        "preferences",
        "pairs",
        "known",
        "results",
        "proposals",
        "around",
        "turns",
    }
)
"""Lists of a request whose items may be left out: the task can be done without them."""

LEFT_OUT = "[left out: marked private, and this model is hosted]"

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_SIGN = re.compile(f"[{_UNSPACED}]")
_MARK = re.compile(r"[\w.+~-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s\"'<>)\]]+|[\w][\w.:/+-]*[\w]")
_ID = re.compile(r"\b(?:w|b|p|d|pub|dec)_[0-9a-z]{6,32}\b")
_UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})")

Run = tuple[str, ...]


class Secrets:
    """What is private in one workspace: runs of words, marks (addresses, numbers, codes), and the ids of it."""

    def __init__(
        self,
        texts: Iterable[str],
        ids: Collection[str] = (),
        *,
        says: Collection[str] = (),
        is_public: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.ids = frozenset(ids)
        self.says = frozenset(says)  # rules that were learned from private drafts, as a model is told them
        self._runs: set[int] = set()
        self._short: set[Run] = set()
        self._marks: set[str] = set()
        self._is_public = is_public  # asked about a run or mark that was met: a sign-off is in every public piece too
        for text in texts:
            self._take(text)

    def __bool__(self) -> bool:
        """Whether anything is private."""
        return bool(self.ids or self._runs or self._short or self._marks)

    def found_in(self, text: str) -> bool:
        """Say whether a text quotes something private, or holds a mark of it."""
        if not self:
            return False
        words = _words(text)
        for run in _runs(words):
            if hash(run) in self._runs and not self._is_public(" ".join(run)):
                return True
        lengths = {len(each) for each in self._short}
        for run in (tuple(words[at : at + n]) for n in lengths for at in range(len(words) - n + 1)):
            if run in self._short and not self._is_public(" ".join(run)):
                return True
        return any(mark in self._marks and not self._is_public(mark) for mark in marks(text))

    def named_in(self, text: str) -> bool:
        """Say whether a text names something private by its id."""
        return any(found in self.ids for found in _ID.findall(text))

    def taints(self, value: Any) -> bool:
        """Say whether any text in a plain value quotes or names something private."""
        return any(self.found_in(text) or self.named_in(text) for text in texts_in(value))

    def without(self, value: Any) -> Any:
        """Return a request's data without the items of its supporting lists that quote or name something private."""
        if isinstance(value, dict):
            return {
                key: [self.without(item) for item in each if not self._is_secret(item)]
                if key in SUPPORTING and isinstance(each, list)
                else self.without(each)
                for key, each in value.items()
            }
        return [self.without(item) for item in value] if isinstance(value, list) else value

    def _is_secret(self, item: Any) -> bool:
        return (isinstance(item, dict) and item.get("says") in self.says) or self.taints(item)

    def _take(self, text: str) -> None:
        words = _words(text)
        if (size := _size(words)) < RUN:
            if size >= LEAST:
                self._short.add(tuple(words))
        else:
            self._runs.update(map(hash, _runs(words)))
        self._marks.update(marks(text))


def is_long(text: str) -> bool:
    """Say whether a text is long enough to be told from what everybody says."""
    return _size(_words(text)) >= RUN


def marks(text: str) -> Iterator[str]:
    """Yield what stands out in a text by itself: addresses, links, long numbers, codes, words in capitals throughout.

    Folded. A plain word is no mark, however rare.
    """
    for found in _MARK.findall(_readable(text)):
        mark = found.strip(".-/:+")
        digits = sum(each.isdigit() for each in mark)
        letters = sum(each.isalpha() for each in mark)
        is_code = any(map(_is_code, re.split(r"[^\w]+", mark)))
        is_number = digits >= 7 and not re.fullmatch(r"\d{4}-\d\d-\d\d.*", mark)
        is_loud = letters >= 10 and mark.upper() == mark and mark.lower() != mark
        if "@" in mark or "://" in mark or is_code or is_number or is_loud or "_" in mark.strip("_"):
            yield mark.casefold()


def _is_code(piece: str) -> bool:
    """Say whether letters and digits are mixed as in a code (93f2, NO93860), not as in 1990s, 24h or mp3."""
    digits = sum(each.isdigit() for each in piece)
    return len(piece) >= 4 and 2 <= digits < len(piece) and not re.fullmatch(r"\d+[^\W\d_]{1,3}", piece)


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in a plain value, the keys of objects too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from texts_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_in(each)


def _words(text: str) -> list[str]:
    return _WORD.findall(_readable(text).casefold())


def _readable(text: str) -> str:
    """Return a text as it reads: JSON's and HTML's escapes resolved, so that none of them hides a quote."""
    if "\\" in text:
        text = _UNICODE.sub(lambda found: chr(int(found[1], 16)), text)
        text = re.sub(r"\\[nrt]", " ", text).replace("\\", "")
    if "&" in text:
        text = html.unescape(text)
    kept = (each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    return "".join(kept)


def _runs(words: list[str]) -> Iterator[Run]:
    """Yield every run of words that is long enough to be a quote, and no longer."""
    sizes = list(map(_weight, words))
    size, end = 0, 0
    for at in range(len(words)):
        while size < RUN * _WHOLE and end < len(words):
            size, end = size + sizes[end], end + 1
        if size < RUN * _WHOLE:
            return
        yield tuple(words[at:end])
        size -= sizes[at]


_WHOLE, _CHINESE_SIGN, _OTHER_SIGN = 10, 6, 4


def _weight(word: str) -> int:
    """Return how much of a word something is, in tenths: a sign of a script without spaces is a part of one."""
    if not _SIGN.match(word):
        return _WHOLE
    return _CHINESE_SIGN if word >= "\u3400" else _OTHER_SIGN


def _size(words: list[str]) -> float:
    return sum(map(_weight, words)) / _WHOLE
