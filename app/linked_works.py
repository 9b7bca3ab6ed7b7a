"""Past works in what is said in the chat: the agent is told their ids, a person reads their titles."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.dropped import title_of
from core.errors import NotFound
from core.ids import WORK, pattern_of

if TYPE_CHECKING:
    from app.studio import Studio
    from core.works import Work

_ID = pattern_of(WORK)
_ASIDE = re.compile(
    rf"`[^`\n]*`|\]\([^()\s]*\)|(?:https?:/)?/\S*"
    rf"|(?P<named>(?P<gap>\s*)\((?P<ids>{_ID}(?:,\s*{_ID})*)\)|\b{_ID}\b)"
)
"""Where an id stands. In code (a command to copy), links and paths it stays."""

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#|!])")


def linked(studio: "Studio", text: str) -> str:
    """Return Markdown for the page, with a link to the work's page in the place of each id that is known here."""
    return _with(studio, text, _link)


def _link(work: "Work") -> str:
    label = _MARKS.sub(r"\\\1", title_of(work))
    return f"[{label}](/works/{work.id})"


def titled(studio: "Studio", text: str) -> str:
    """Return plain text with the works' titles in the place of their ids."""
    return _with(studio, text, title_of)


def _with(studio: "Studio", text: str, name: "Callable[[Work], str]") -> str:
    """Return a text with works named: what stood before their ids by the same title is not said twice."""
    if "w_" not in text:
        return text
    made, at = "", 0
    for match in _ASIDE.finditer(text):
        made, at = made + text[at : match.start()], match.end()
        works = [_work(studio, each) for each in re.findall(_ID, match["named"] or "")]
        if not works or None in works:
            made += match[0]
            continue
        names = ", ".join(name(each) for each in works if each)
        told = title_of(works[0]) if len(works) == 1 and works[0] else ""
        if match["ids"] and told and made.endswith(told):
            made = made.removesuffix(told) + names
        else:
            made += f"{match['gap']}({names})" if match["ids"] else names
    return made + text[at:]


def _work(studio: "Studio", work_id: str) -> "Work | None":
    try:
        return studio.memory.works.get(studio.workspace.id, work_id)
    except NotFound:
        return None
