"""What must survive a translation as it is: placeholders, links, handles, hashtags, emoji, code, markup."""

from collections import Counter
from collections.abc import Iterator

import regex

from core import emoji, hashtags, links
from core.drafts import Finding, Severity
from core.links import place

STANDING = ("code", "placeholder", "handle", "hashtag", "emoji")
"""The kinds that are blanked out before words are looked at."""

_SIMPLE = regex.compile(
    r"""
    \{\{[^{}\n]{1,80}\}\}            # {{ name }}
    | \{%[^%\n]{1,80}%\}             # {% if %}
    | \$?\{[\p{L}_][\w.\[\]-]{0,40}\}|\{\d{1,2}\}   # {name}, ${name}, {0}
    | %\(\w+\)[sdifr]                # %(name)s
    | %(?:\d{1,2}\$)?[sdif@](?!\w)   # %s, %1$s
    | %%\w{2,40}%%
    | (?<!<)<<\s*\w[^<>\n]{0,60}>>   # <<name>>
    """,
    regex.VERBOSE,
)
_ICU = regex.compile(r"\{\s*(?P<name>\w+)\s*,\s*(?P<type>plural|selectordinal|select|number|date|time)\b")
_CODE = regex.compile(
    r"^(?P<fence>```|~~~).*?(?:^(?P=fence)[^\n]*$|\Z)|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)", regex.M | regex.S
)
_HANDLE = regex.compile(r"(?<![\w/.@`])@[\w.-]*\w(?:@[\w.-]*\w)?")
_EMAIL = regex.compile(r"(?<![\w.+@-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SHORTCODE = regex.compile(r"(?<![\w:\\]):[a-z][a-z0-9+-]*(?:\\?_[a-z0-9+-]+)*:(?![\w:])")
_COLOURED = regex.compile(r"\p{Emoji_Presentation}")
_TAG = regex.compile(r"</?([a-zA-Z][\w-]*)(?:\s[^<>\n]*)?/?>")
_MARKDOWN = (
    ("**", regex.compile(r"(?<![\w*\\])\*\*(?=\S)[^*\n]+?(?<=\S)\*\*(?!\*)")),
    ("[](…)", regex.compile(r"\[[^\]\n]*\]\([^()\s]*(?:\s\"[^\"]*\")?\)")),
    ("~~", regex.compile(r"~~(?=\S)[^~\n]+~~")),
)
_SELECTORS = regex.compile(r"(?<=[\s,}])(=\d+|\w+)\s*\{")

_SAID: dict[str, tuple[Severity, str]] = {
    "placeholder": ("error", "The placeholder {} is missing in the translation."),
    "handle": ("error", "{} is missing in the translation."),
    "hashtag": ("warning", "The hashtag {} is missing in the translation; a localized one is fine."),
    "emoji": ("warning", "{} is missing in the translation."),
    "code": ("warning", "The code {} is missing in the translation."),
    "url": ("warning", "The link {} is missing in the translation."),
    "markup": ("warning", "The markup {} is missing in the translation."),
}
_ADDED: dict[str, tuple[Severity, str]] = {
    "placeholder": ("error", "The placeholder {} stands in the translation only."),
    "handle": ("warning", "{} stands in the translation only."),
    "emoji": ("warning", "{} stands in the translation only."),
}
_ADDED_LINK: tuple[Severity, str] = ("warning", "The link {} stands in the translation only.")
_SLUG = 8  # letters that make a page's name its own
_SLIP = 4
_FULL_WIDTH = str.maketrans({chr(0xFF01 + at): chr(0x21 + at) for at in range(94)})
_LANGUAGE = (
    "(?:ar|bg|bn|ca|cs|da|de|el|en|es|et|eu|fa|fi|fr|gl|he|hi|hr|hu|id|it|ja|ko|lt|lv|ms|nb|nl|no|pl|pt|ro|ru|sk|sl|sr|sv"
    "|th|tr|uk|ur|vi|zh)(?:[-_](?:[a-z]{2}|hans|hant|419))?"
)
_MARKED_LANGUAGE = regex.compile(
    rf"(?<=/)(?:intl/)?{_LANGUAGE}(?=/|$)|[?&](?:hl|lang|locale|l)={_LANGUAGE}(?=$|[&#])", regex.IGNORECASE
)
_MARKED_FILE = regex.compile(rf"[._-]{_LANGUAGE}(?P<ending>\.html?)?(?=$|[?#])", regex.IGNORECASE)


def places(kind: str, text: str) -> list[tuple[int, int]]:
    """Return where the tokens of a kind stand, end exclusive."""
    if kind == "emoji":
        return emoji.spans(text) + [found.span() for found in _SHORTCODE.finditer(text)]
    if kind == "hashtag":
        return [(tag.start, tag.end) for tag in hashtags.find(text)] if "#" in text or "＃" in text else []
    if kind == "placeholder":
        return [found.span() for found in _SIMPLE.finditer(text)] if "{" in text or "%" in text or "<<" in text else []
    pattern = {"code": _CODE, "handle": _HANDLE, "url": _EMAIL}[kind]
    return [found.span() for found in pattern.finditer(text)]


def kept(kind: str, text: str) -> list[str]:
    """Return the tokens of a kind as they are compared, in order."""
    if kind == "url":
        return [link.text for link in links.find(text, bare=False)] + [text[slice(*at)] for at in places(kind, text)]
    if kind == "markup":
        tags = [f"<{found[1].lower()}>" for found in _TAG.finditer(_blanked("code", text))]
        return tags + [mark for mark, pattern in _MARKDOWN for _ in pattern.finditer(text)]
    if kind == "placeholder":
        text = text.translate(_FULL_WIDTH)
        return [_spaced(text[slice(*at)]) for at in places(kind, text)] + list(_icu(text))
    if kind in ("handle", "hashtag"):
        text = _without_addresses(_blanked("code", text).translate(_FULL_WIDTH))
    return [_plain(kind, text[slice(*at)]) for at in places(kind, text)]


def findings(source: str, target: str) -> Iterator[Finding]:
    """Yield what a translation lost of the tokens that must survive, and what it has that the source has not."""
    for kind, said in _SAID.items():
        before, after = Counter(kept(kind, source)), Counter(kept(kind, target))
        missing, added = before - after, after - before
        if kind == "emoji":  # ❤ is ❤️ without its colour
            missing = Counter({each: count for each, count in missing.items() if not _is_there_plain(each, target)})
        if kind == "url":
            yield from _localized(missing, added)
        yield from _each(kind, said, missing)
        if kind in _ADDED:
            yield from _each(kind, _ADDED[kind], added)
        if kind == "url":
            yield from _each("added_link", _ADDED_LINK, Counter(_new(added, source)))


def _is_there_plain(token: str, text: str) -> bool:
    return len(token) == 1 and not _COLOURED.match(token) and token in text


def _each(kind: str, said: tuple[Severity, str], tokens: Counter[str]) -> Iterator[Finding]:
    severity, message = said
    for token in tokens:
        yield Finding(rule=kind, severity=severity, message=message.replace("{}", token, 1))


def _localized(missing: Counter[str], added: Counter[str]) -> Iterator[Finding]:
    """Take out of both the links that were replaced by their own kind: another language's page, a page that moved."""
    for token in sorted(missing):
        other = next((each for each in sorted(added) if added[each] > 0 and _is_other_form(token, each)), None)
        if other is None:
            continue
        both = min(missing[token], added[other])
        missing[token] -= both
        added[other] -= both
        if place(token) != place(other):
            yield Finding(rule="localized_link", severity="note", message=f"{token} became {other}.")
    for counter in (missing, added):
        for token in [token for token, count in counter.items() if count <= 0]:
            del counter[token]


def _is_other_form(url: str, other: str) -> bool:
    """Say whether a link is another one's page: the same but for the language, or the same name elsewhere on its host.

    One or two letters that differ are a slip of the pen, not a move.
    """
    if "@" in url or "@" in other:
        return False
    if _unmarked(url) & _unmarked(other):
        return True
    one, two = place(url), place(other)
    (host, *rest), (host_there, *rest_there) = one.split("/"), two.split("/")
    if host != host_there or not rest or not rest_there or rest[0] != rest_there[0]:
        return False
    if rest[-1] != rest_there[-1] or len(rest[-1]) < _SLUG:
        return False
    return _differing(one, two) > _SLIP


def _differing(one: str, two: str) -> int:
    """Return how many letters lie between what two texts begin with and what they end with alike."""
    shorter = min(len(one), len(two))
    begin = next((at for at in range(shorter) if one[at] != two[at]), shorter)
    end = next((at for at in range(shorter - begin) if one[-1 - at] != two[-1 - at]), shorter - begin)
    return max(len(one), len(two)) - begin - end


def _unmarked(url: str) -> set[str]:
    """Return a link without the language it is marked with, /es/ or ?hl=es or .es.html, in the forms it may have."""
    bare = _MARKED_LANGUAGE.sub("", url.partition("://")[2])
    forms = {bare, _MARKED_FILE.sub("", bare), _MARKED_FILE.sub(r"\g<ending>", bare)}
    return {place("https://" + regex.sub(r"/{2,}", "/", form)) for form in forms}


def _new(added: Counter[str], source: str) -> Iterator[str]:
    """Yield the links that stand nowhere in the source, not as a reference or a bare address either."""
    for token in added:
        if token.partition("://")[2].rstrip("/") not in source:
            yield token


def _icu(text: str) -> Iterator[str]:
    """Yield ICU arguments by name and type; what their branches say is translated."""
    for found in _ICU.finditer(text):
        yield f"{{{found['name']}, {found['type']}}}"


def icu_syntax(text: str) -> list[tuple[int, int]]:
    """Return where an ICU message is syntax: its argument, selectors, braces and `#`. The branches are words."""
    found: list[tuple[int, int]] = []
    for match in _ICU.finditer(text):
        depth, begin = 0, match.start()
        for at in range(match.start(), len(text)):
            if text[at] == "{":
                depth += 1
                if depth == 2:  # a branch begins: what led to it is syntax
                    found.append((begin, at + 1))
            elif text[at] == "}":
                depth -= 1
                begin = at if depth == 1 else begin
            elif text[at] == "#" and depth == 2:
                found.append((at, at + 1))
            if depth == 0:
                found.append((begin, at + 1))
                break
    return found


def _spaced(token: str) -> str:
    return regex.sub(r"\s+", "", token)


def _plain(kind: str, token: str) -> str:
    """Return a token as it is compared: a variation selector or an escape makes no other emoji."""
    if kind == "emoji":
        return token.replace("\ufe0f", "").replace("\\", "")
    return token.casefold() if kind in ("handle", "hashtag") else token


def _blanked(kind: str, text: str) -> str:
    for start, end in places(kind, text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _without_addresses(text: str) -> str:
    for link in links.find(text, bare=False):
        text = text[: link.start] + " " * (link.end - link.start) + text[link.end :]
    return text
