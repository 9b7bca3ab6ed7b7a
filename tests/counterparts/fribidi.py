"""FriBidi itself, to compare with: the levels that the Unicode bidirectional algorithm gives."""

import ctypes
import ctypes.util
from collections.abc import Callable

from tests.counterparts.server import absent

_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = 0x110, 0x111


def reference() -> Callable[[str, bool], list[int]]:
    """Return what asks FriBidi for each character's level; skips (on CI: fails) where it is not here."""
    path = ctypes.util.find_library("fribidi") or "libfribidi.so.0"
    try:
        library = ctypes.CDLL(path)
    except OSError:
        absent("FriBidi", "there is no libfribidi")

    def levels(text: str, rightwards: bool) -> list[int]:
        count = len(text)
        numbers = ctypes.c_uint32 * count
        signs, kinds, brackets, found = numbers(*map(ord, text)), numbers(), numbers(), (ctypes.c_int8 * count)()
        library.fribidi_get_bidi_types(signs, count, kinds)
        library.fribidi_get_bracket_types(signs, count, kinds, brackets)
        base = ctypes.c_uint32(_LEFT_TO_RIGHT if rightwards else _RIGHT_TO_LEFT)
        library.fribidi_get_par_embedding_levels_ex(kinds, brackets, count, ctypes.byref(base), found)
        return list(found)

    return levels
