"""Translate through an engine that would mangle what must stay: it is kept out of its hands and put back."""

from collections.abc import Sequence

from core.protecting import Protected, joined, pieces, protect, restored
from models.translation.port import Translator


def translated(
    translator: Translator, texts: Sequence[str], *, source: str, target: str, keep: Sequence[str] = ()
) -> list[str]:
    """Return a translation of each text with links, handles, placeholders … and the terms in `keep` as they were.

    An engine that loses the marks put in their places is asked once more, for the words between them.
    """
    guarded = [protect(text, keep) for text in texts]
    said = translator.translate([each.text for each in guarded], source=source, target=target)
    back = [restored(words, each) for words, each in zip(said, guarded, strict=True)]
    lost = [at for at, words in enumerate(back) if words is None]
    again = _piecewise(translator, [guarded[at] for at in lost], source, target) if lost else []
    for at, words in zip(lost, again, strict=True):
        back[at] = words
    return [words or "" for words in back]


def _piecewise(translator: Translator, texts: Sequence[Protected], source: str, target: str) -> list[str]:
    parts = [pieces(each) for each in texts]
    words = [piece.strip() for part in parts for piece in part if any(map(str.isalpha, piece))]
    said = iter(translator.translate(words, source=source, target=target) if words else ())
    return [
        joined([next(said) if any(map(str.isalpha, piece)) else piece for piece in part], each)
        for part, each in zip(parts, texts, strict=True)
    ]
