"""Slips of the pen that a careful reader sees in any text: placeholders, doubled words, broken links, open brackets."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import regex

from core import unseen
from core.drafts import Content, Finding, Severity
from core.hashtags import find as find_hashtags
from core.links import find as find_links

_CODE = regex.compile(r"^(?P<fence>```|~~~).*?(?:^(?P=fence)[^\n]*$|\Z)|`[^`\n]+`", regex.MULTILINE | regex.DOTALL)
_CONTROL = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufffe\uffff]+")
_INVISIBLE = regex.compile(
    r"[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0"
    r"\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]+"
    r"|(?<=[\p{Latin}\p{Greek}\p{Cyrillic}\p{Nd}\s])[\u200c\u200d]+"  # joiners, where no script joins
)
_PLACEHOLDER = regex.compile(
    r"""
    \{\{.*?\}\} | \{%.*?%\} | \$\{\w+\} | <<\s*\w[^<>\n]*>>
    | \[(?i:(?:insert|add|your|enter|fill\s+in|placeholder)\b[^\]\n]*)\](?![(\[:])
    | \[(?i:link|name|date|url|title|handle|here|tbd|xx+)\](?![(\[:])
    | (?<!["“‘'])\b(?:(?<!\b(?i:my|our|your|his|her|their|whose|mein|meine|meiner|unsere|mon|ma|mi|minha|mia)\s)
        (?:TODO|FIXME)(?!s\b|-\p{L}|\s(?i:lists?|apps?|items?|comments?|files?|entr(?:y|ies)|notes?|boards?|liste|lista)\b)
      |TBD|TBC|(?i:lorem\s+ipsum))\b
    """,
    regex.VERBOSE,
)
_DOUBLED = regex.compile(
    r"(?<![\w'’“\"-])(?P<word>\p{L}[\p{L}\p{M}]*)(?:[ \t]+|[ \t]*\n(?=\p{Ll}))(?P=word)(?!\s+(?P=word)|[\w'’-]|\.\w)",
    regex.IGNORECASE,
)
_MAY_DOUBLE = frozenset(
    (
        *(
            "had",
            "that",
            "very",
            "really",
            "so",
            "no",
            "bye",
            "ha",
            "hey",
            "now",
            "there",
            "more",
            "much",
            "many",
            "long",
        ),
        *("far", "well", "yes", "knock", "blah", "yada", "is", "nous", "vous", "sie", "die", "der", "das", "den", "la"),
    )
)
_BROKEN_LINK = regex.compile(
    r"(?<!\w)(?:https?:\s*//\s+\w[\w-]*\.\w\S*|https?:/(?!/)\S+|https?//\S+|(?!https?:)h\w{1,5}s?://\S+)",
    regex.IGNORECASE,
)
_BARE_PROTOCOL = regex.compile(r"(?<!\w)https?://(?![^\s.,)\]])(?!\s+\w[\w-]*\.\w)", regex.IGNORECASE)
_SPACED_HASHTAG = regex.compile(r"(?<![\S])[#＃][ \t]+(?=\p{L})")
_MARKDOWN = regex.compile(
    r"\*\*[^*\n]+\*\*|(?<![\w_])__[^_\n]+__(?![\w_])|!?\[[^\]\n]+\]\(\S+?\)|^#{2,6} ", regex.MULTILINE
)
_LEFTOVER = regex.compile(
    r"&(?:amp|lt|gt|quot|nbsp|#\d+|#x[\da-f]+);|</?(?:p|br|div|span|b|i|em|strong|a|ul|li|h\d)\b[^<>]*>", regex.I
)


def findings(content: Content, fields: Iterable[str], *, markdown: bool) -> list[Finding]:
    """Return the slips in the given fields of `content`; code in Markdown is left alone."""
    found = []
    for field in fields:
        value = getattr(content, field)
        if not isinstance(value, str):
            continue
        text = _without_code(value) if markdown else value
        checks = (
            *_ANYWHERE,
            *(() if markdown and field == "text" else _PLAIN_ONLY),
            *(_TEXT if field == "text" else ()),
        )
        found += [finding.model_copy(update={"field": field}) for check in checks for finding in check(text)]
    return found


def _without_code(text: str) -> str:
    """Blank out code, so that every other character keeps its place."""
    return _CODE.sub(lambda match: regex.sub(r"\S", "·", match.group()), text)


def _each(
    pattern: "regex.Pattern[str]", rule: str, severity: Severity, message: str
) -> Callable[[str], Iterator[Finding]]:
    """Return a check that reports every match; `{}` in the message stands for what matched."""

    def check(text: str) -> Iterator[Finding]:
        for match in pattern.finditer(text):
            said = message.replace("{}", match.group().strip())
            yield Finding(rule=rule, severity=severity, message=said, span=match.span())

    return check


def _doubled_words(text: str) -> Iterator[Finding]:
    for match in _DOUBLED.finditer(text):
        if match["word"].lower() not in _MAY_DOUBLE:
            message = f"“{match['word']}” stands here twice."
            yield Finding(rule="doubled_word", severity="warning", message=message, span=match.span())


def _broken_links(text: str) -> Iterator[Finding]:
    for match in _BROKEN_LINK.finditer(text):
        message = f"“{match.group()}” is not a whole link."
        yield Finding(rule="broken_link", severity="error", message=message, span=match.span())
    for match in _BARE_PROTOCOL.finditer(text):
        message = f"“{match.group()}” leads nowhere: the address is missing."
        yield Finding(rule="broken_link", severity="warning", message=message, span=match.span())
    for link in find_links(text, bare=False):
        host = link.url.split("//", 1)[1].split("/", 1)[0]
        if "." not in host and not host.startswith(("localhost", "[")):
            message = f"“{link.text}” names no whole address."
            yield Finding(rule="broken_link", severity="warning", message=message, span=(link.start, link.end))


def _markdown(text: str) -> Iterator[Finding]:
    for match in _MARKDOWN.finditer(text):
        if not _is_of_code(text, match):
            message = f"Markdown is not rendered here: readers see “{match[0].strip()}”."
            yield Finding(rule="markdown_shows", severity="warning", message=message, span=match.span())


def _is_of_code(text: str, match: "regex.Match[str]") -> bool:
    """Say whether what looks like bold is a name of a programming language: __init__, module.__all__, __call__()."""
    said = match[0]
    if not regex.fullmatch(r"__[A-Za-z][A-Za-z\d]*__", said):
        return False
    return said in _names_of_code() or text[match.start() - 1 : match.start()] == "." or text[match.end() :][:1] == "("


@lru_cache(maxsize=1)
def _names_of_code() -> frozenset[str]:
    """Return the names between two underscores of Python itself, with those of modules and of other languages."""
    import builtins
    from types import FunctionType, GeneratorType, ModuleType

    kinds = [each for each in vars(builtins).values() if isinstance(each, type)]
    of_python = {name for kind in (*kinds, FunctionType, GeneratorType, ModuleType) for name in dir(kind)}
    of_python |= set(dir(builtins))
    others = (
        "main all version author file path builtins slots annotations future pycache aenter aexit await aiter anext "
    )
    others += (
        "enter exit post_init call get set delete missing match_args dirname filename proto typename FILE LINE DIR "
    )
    others += "CLASS FUNCTION METHOD NAMESPACE DATE TIME func"
    return frozenset(of_python) | frozenset(f"__{name}__" for name in others.split()) | {"__dirname", "__filename"}


def _hyphenated_hashtags(text: str) -> Iterator[Finding]:
    for tag in find_hashtags(text):
        rest = regex.match(r"-\w+", text, pos=tag.end)
        if rest:
            message = f"The hashtag ends at the hyphen: readers see #{tag.tag}."
            yield Finding(rule="hashtag_cut", severity="note", message=message, span=(tag.start, rest.end()))


_PAIRS = {")": "(", "]": "[", "”": "“", "»": "«"}
_BRACKETS = {")": "(", "]": "["}
_TURNED = regex.compile(r"„|^[^«]*»[^«]*«|^[^“]*”[^“]*”[^“]*$", regex.DOTALL)
"""Quotation marks of languages that open with another one's closing mark: „so“, »so«, ”so”."""
_GAP = regex.compile(r"\n(?:[ \t]*\n)+")
_NOT_BRACKETS = regex.compile(r"[:;=][-'o]?[()\[\]]|^[ \t]*\(?\w{1,3}\)|<3", regex.MULTILINE)


def _left_open(text: str) -> Iterator[Finding]:
    """Look at each paragraph by itself; smileys, list numbers and links are no brackets."""
    for link in reversed(find_links(text, bare=False)):
        text = text[: link.start] + "x" * (link.end - link.start) + text[link.end :]
    text = _NOT_BRACKETS.sub(lambda match: "x" * len(match.group()), text)
    gaps = [match.span() for match in _GAP.finditer(text)]
    starts, ends = [0, *(end for _, end in gaps)], [*(start for start, _ in gaps), len(text)]
    for start, end in zip(starts, ends, strict=True):
        goes_on = text[end : end + 50].lstrip().startswith("“")
        yield from _open_in(text[start:end], start, goes_on=goes_on)


def _open_in(paragraph: str, offset: int, *, goes_on: bool) -> Iterator[Finding]:
    stack: list[tuple[str, int]] = []
    alone: list[tuple[str, int]] = []
    ours = _PAIRS if not _TURNED.search(paragraph) else _BRACKETS
    for at, char in enumerate(paragraph):
        if char in ours.values():
            stack.append((char, at))
        elif char in ours:
            if stack and stack[-1][0] == ours[char]:
                stack.pop()
            else:
                alone.append((char, at))
    if paragraph.count('"') % 2 and not regex.search(r'\d"', paragraph):
        alone.append(('"', paragraph.rindex('"')))
    for char, at in stack + alone:
        if not (char == "“" and goes_on):
            message = f"This {char} has no partner in its paragraph."
            yield Finding(rule="unclosed", severity="note", message=message, span=(offset + at, offset + at + 1))


_ANYWHERE = (
    _each(_CONTROL, "control_characters", "error", "There is a control character here that no reader can see."),
    _each(_INVISIBLE, "invisible_characters", "note", "There is an invisible character here."),
    _each(_PLACEHOLDER, "placeholder", "error", "“{}” is a placeholder that was never filled in."),
    _doubled_words,
    unseen.findings,
)
_TEXT = (_broken_links, _left_open)
_PLAIN_ONLY = (
    _each(_SPACED_HASHTAG, "hashtag_space", "warning", "A hashtag has no space after its mark."),
    _markdown,
    _each(_LEFTOVER, "leftover", "warning", "Readers see “{}” as it stands."),
    _hyphenated_hashtags,
)
