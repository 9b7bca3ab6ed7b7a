"""Characters that no reader sees and that change what readers see: directions of writing, and text that is hidden."""

import unicodedata
from collections.abc import Iterator

import regex

from core.drafts import Finding

_OVERRIDE = regex.compile("[\u202d\u202e]+")
_TAGS = {sign: chr(0xE0000 + ord(sign)) for sign in "abcdefghijklmnopqrstuvwxyz"}
_FLAG = regex.compile(
    "\U0001f3f4(?:"
    + "|".join("".join(map(_TAGS.__getitem__, each)) for each in ("gbeng", "gbsct", "gbwls"))
    + ")\U000e007f"
)
"""The flags of England, Scotland and Wales: the only ones that are shown. Behind any other black flag stands text."""

_CHOSEN = "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors: which of its forms a sign is shown in
_HIDDEN = regex.compile(
    "[\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]+"  # tags, and what is kept for more of the kind
    f"|(?<=[{_CHOSEN}])[{_CHOSEN}]+"  # a sign has one form: every further selector is a byte of something else
    f"|(?<![\\p{{Emoji}}\\p{{S}}\\p{{P}}\\p{{Han}}\\p{{Mongolian}}\\p{{Myanmar}}\\p{{Phags_Pa}}])[{_CHOSEN}]"
    "|[\u200b-\u200d\u2060-\u206f\ufeff\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\U0001d173-\U0001d17a]{4,}"  # a code
)
_MARKS = regex.compile("[\u200e\u200f\u061c]+")
_EMBEDS, _ISOLATES, _ENDS = (
    "\u202a\u202b\u202d\u202e",
    "\u2066\u2067\u2068",
    {"\u202c": "embedding", "\u2069": "isolate"},
)
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Unicode's categories of controls, formats, halves of pairs, signs of nobody's font, and separators of lines."""

_CONTROLS = regex.compile("[\u202a-\u202e\u2066-\u2069\n\u2029]")


def findings(text: str) -> Iterator[Finding]:
    """Yield what hides words, or shows them in another order than they are sent in."""
    for found in _OVERRIDE.finditer(text):
        message = (
            "Here the direction of writing is overridden: readers see the letters in another order than they stand."
        )
        yield Finding(rule="bidi_override", severity="error", message=message, span=found.span())
    flags = [found.span() for found in _FLAG.finditer(text)]
    for found in _HIDDEN.finditer(text):
        if not any(start < found.start() < end for start, end in flags):
            message = f"Here stand {len(found[0])} characters that no reader sees, and programs read."
            yield Finding(rule="hidden_text", severity="error", message=message, span=found.span())
    for at in _unpaired(text):
        message = (
            "A direction of writing begins or ends here without the other half: what follows may be turned around."
        )
        yield Finding(rule="bidi_unpaired", severity="warning", message=message, span=(at, at + 1))
    if not has_right_to_left(text):
        for found in _MARKS.finditer(text):
            message = "There is an invisible mark of direction here, and nothing that is written from the right."
            yield Finding(rule="invisible_characters", severity="note", message=message, span=found.span())


def named(text: str, but: str = "") -> str:
    """Return a text in which each sign that no reader sees is named by its number: ⟨U+202E⟩. `but`: those that stay."""
    return "".join(
        f"⟨U+{ord(each):04X}⟩" if unicodedata.category(each) in _UNSEEN and each not in but else each for each in text
    )


def has_right_to_left(text: str) -> bool:
    """Say whether a letter of a script that is written from right to left stands in a text."""
    return any(char > "\u058f" and unicodedata.bidirectional(char) in ("R", "AL") for char in _MARKS.sub("", text))


def _unpaired(text: str) -> Iterator[int]:
    """Yield where directions begin that never end in their paragraph, or end that never began."""
    open_: list[tuple[str, int]] = []
    for found in _CONTROLS.finditer(text):
        char = found[0]
        if char in "\n\u2029":
            yield from (at for _, at in open_)
            open_ = []
        elif char in _EMBEDS or char in _ISOLATES:
            open_.append(("isolate" if char in _ISOLATES else "embedding", found.start()))
        elif open_ and open_[-1][0] == _ENDS[char]:
            open_.pop()
        else:
            yield found.start()
    yield from (at for _, at in open_)
