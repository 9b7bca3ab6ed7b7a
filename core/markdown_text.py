"""Markdown, and what blog engines leave in it, as plain reading text."""

import html
from collections.abc import Callable

import regex

_FENCE = regex.compile(r"^[ \t]*(?:```|~~~)[^\n]*\n?", regex.MULTILINE)
_CODE = regex.compile(r"(?P<ticks>`+)(?P<code>[^`\n]+?)(?P=ticks)")
_STASHED = regex.compile("\ue000(\\d+)\ue001")

_HEAVY = regex.compile(
    r"<(script|style|svg|iframe|noscript)\b[^>]*>.*?</\1\s*>|<!--.*?-->", regex.IGNORECASE | regex.DOTALL
)
_BLOCK = regex.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|li|blockquote|section|article|header|footer|figure|figcaption|table|tr|pre|hr|br|dl|dt|dd|details"
    r"|summary|main|aside|nav)\b[^<>]*>",
    regex.IGNORECASE,
)
_IMAGE_TAG = regex.compile(r"<img\b[^<>]*>", regex.IGNORECASE)
_ALT = regex.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", regex.IGNORECASE)
_TAG = regex.compile(
    r"</?(?:a|abbr|acronym|audio|b|big|body|button|canvas|caption|center|cite|code|col|colgroup|del|dfn|em|embed|font|form"
    r"|head|html|i|input|ins|kbd|label|link|mark|meta|object|option|param|picture|q|s|samp|select|small|source|span"
    r"|strike|strong|sub|sup|tbody|td|textarea|tfoot|th|thead|time|title|tt|u|var|video|wbr)\b[^<>]*>",
    regex.IGNORECASE,
)  # other words in angle brackets are a writer's own: `git clone <url>`


def _alt(tag: str) -> str:
    found = _ALT.search(tag)
    return (found[1] or found[2] or "") if found else ""


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split("|") if cell.strip()]


_LABEL = r"\[(?P<label>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
_TARGET = r"(?:\((?:[^()\n]|\([^()\n]*\))*\)|[ ]?\[[^\[\]\n]*\])"

_STEPS: tuple[tuple["regex.Pattern[str]", str | Callable[["regex.Match[str]"], str]], ...] = (
    (regex.compile(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", regex.DOTALL), ""),
    (regex.compile(r"\{%.*?%\}|\{\{.*?\}\}", regex.DOTALL), ""),  # Liquid
    (regex.compile(r"\{::?[^{}\n]*\}|\{[#.][\w-][^{}\n]*\}"), ""),  # kramdown's attributes
    (_HEAVY, ""),
    (regex.compile(r"<((?:https?://|mailto:)[^<>\s]+)>"), r"\1"),
    (_IMAGE_TAG, lambda match: _alt(match[0])),
    (_BLOCK, "\n"),
    (_TAG, ""),
    (regex.compile(r"^[ ]{0,3}\[\^[^\]\n]+\]:[ \t]*", regex.MULTILINE), ""),  # a footnote keeps its words
    (regex.compile(r"^[ ]{0,3}\[[^\]\n]+\]:[ \t]*\S+[^\n]*\n?", regex.MULTILINE), ""),  # a link's definition does not
    (regex.compile(r"\[\^[^\]\n]+\]"), ""),
    (regex.compile(rf"!{_LABEL}{_TARGET}"), r"\g<label>"),
    (regex.compile(rf"(?<!\\){_LABEL}{_TARGET}"), r"\g<label>"),
    (
        regex.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$|^[ ]{0,3}(?:=+|-{2,})[ \t]*$", regex.MULTILINE),
        "",
    ),  # rules, underlines
    (
        regex.compile(r"^[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?::?-+:?)?[ \t]*$\n?", regex.MULTILINE),
        "",
    ),  # tables
    (regex.compile(r"^[ \t]*\|(.*)\|[ \t]*$", regex.MULTILINE), lambda match: ", ".join(_cells(match[1]))),
    (regex.compile(r"^[ \t]*(?:>[ \t]?)+", regex.MULTILINE), ""),
    (regex.compile(r"^[ \t]*#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$", regex.MULTILINE), r"\1"),
    (regex.compile(r"^([ \t]*)[*+•][ \t]+", regex.MULTILINE), r"\1- "),
    (
        regex.compile(r"(?<![\\\w*])(\*{1,3})(?=\S)([^*\n]|\n(?!\n))+?(?<=\S)\1(?!\w)"),
        lambda match: match[0].strip("*"),
    ),
    (regex.compile(r"(?<![\\\w])(_{1,3})(?=\S)((?:[^_\n]|\n(?!\n)|(?<=\w)_(?=\w))+?)(?<=\S)\1(?!\w)"), r"\2"),
    (regex.compile(r"~~(?=\S)([^~\n]+?)~~"), r"\1"),
    (regex.compile(r"\\([\\`*_{}\[\]()#+.!|~>$&-])"), r"\1"),
)
_SPACE_AT_END = regex.compile(r"[ \t]+$", regex.MULTILINE)
_BLANK_LINES = regex.compile(r"\n{3,}")


def plain(markdown: str) -> str:
    """Return the words of a Markdown text: links as their text, images as their alt text, no marks, tags or Liquid.

    Paragraphs, list items (`- `) and line ends stay; code keeps its words as they are.
    """
    text = markdown.replace("\r\n", "\n").replace("\ue000", "").replace("\ue001", "")
    code: list[str] = []

    def stash(match: "regex.Match[str]") -> str:
        code.append(match["code"].strip())
        return f"\ue000{len(code) - 1}\ue001"

    text = _CODE.sub(stash, _FENCE.sub("", text))
    for pattern, replacement in _STEPS:
        text = pattern.sub(replacement, text)
    text = html.unescape(text)
    text = _STASHED.sub(lambda match: code[int(match[1])], text)
    return _BLANK_LINES.sub("\n\n", _SPACE_AT_END.sub("", text)).strip()
