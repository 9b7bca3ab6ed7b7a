"""A word that stands twice in a row in a translation and should not."""

from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

import regex

from core.drafts import Finding
from core.localization.pair import Pair

_SPACED = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}'’_.@#/-])(?P<word>\p{L}[\p{L}\p{M}\p{N}]*)[\s\u00a0]+(?P=word)(?![\p{L}\p{M}\p{N}'’_/-]|\.\w)",
    regex.IGNORECASE,
)
_RUN_ON = regex.compile(
    r"(?P<word>[\p{Katakana}ー]{3,}|\p{Han}{2,}|[\p{Han}\p{Katakana}ー]{1,8}[をにがはでとのへも](?=[\p{Han}\p{Katakana}]))(?P=word)"
    r"|(?P<word>を)を|(?<=[\p{Han}\p{Katakana}])(?P<word>[がにではの])(?P=word)(?=[\p{Han}\p{Katakana}])"
    r"|(?P<word>です|ます|した|する|から|ので|ため|など|まで|こと|もの|という|または|および)(?P=word)"
)
_RUN_ON_THAI = regex.compile(r"(?P<word>\p{Thai}{4,})(?P=word)")


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield the words that stand twice; not those that the language doubles, or that the source doubles as well."""
    source, target = pair.prose
    language = pair.target_language
    for match in _matches(target, language):
        word = match["word"].casefold()
        begins = regex.search(r"[,;:]\s*(?:\w+\s+)?$", target[: match.start()]) is not None
        if word in _may_double("always", language) or (begins and word in _may_double("clause", language)):
            continue
        if not _stands_twice(word, source):
            message = f"“{match['word']}” stands here twice."
            yield Finding(rule="doubled", severity="warning", message=message, span=match.span())


def _matches(target: str, language: str) -> Iterator["regex.Match[str]"]:
    yield from _SPACED.finditer(target)
    if language in ("ja", "zh", ""):
        yield from _RUN_ON.finditer(target)
    if language == "th":
        yield from _RUN_ON_THAI.finditer(target)


def _stands_twice(word: str, source: str) -> bool:
    return (
        regex.search(rf"(?<!\w){regex.escape(word)}[\s\u00a0]*{regex.escape(word)}(?!\w)", source.casefold())
        is not None
    )


@lru_cache(maxsize=128)
def _may_double(where: str, language: str) -> frozenset[str]:
    return frozenset(_lists()[where].get(language, "").split())


@lru_cache(maxsize=1)
def _lists() -> dict[str, dict[str, str]]:
    import yaml

    text = resources.files("core.localization").joinpath("doublings.yaml").read_text(encoding="utf-8")
    data: dict[str, dict[str, str]] = yaml.safe_load(text)
    return data
