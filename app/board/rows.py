"""The list of the board: every proposal as one line, under its brief, its channel or its day."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from markupsafe import Markup

from app.board.rendering import render
from app.cards import OUT
from app.watching import Watched
from app.wording import STATES, number_of, shortened, who
from core.channels import channels
from core.errors import NotFound
from core.locales import direction
from core.proposals import MARKS

if TYPE_CHECKING:
    from app.studio import Studio

By = Literal["brief", "channel", "day"]
GROUPINGS: tuple[str, ...] = get_args(By)
LINE = 110  # characters of a row's second line
MOST = 400
"""Rows of a list: more than somebody goes through before they look anew, and no more than a page draws at once."""

_LAST = "\uffff"
_NAMES = {each.name: each.label for each in channels()} | {"angles": "Angles"}
_ORDER = {name: place for place, name in enumerate(("angles", *_NAMES))}


@dataclass
class Group:
    """Rows under one heading, in an order that no decision changes: nothing jumps while somebody works.

    `waiting`: how many of the group wait; `more`: how many of those are not among its rows.
    """

    key: str
    title: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    waiting: int = 0
    more: int = 0

    @property
    def count(self) -> str:
        """What the heading says beside its title."""
        return number_of(self.waiting, "waits", "wait") if self.waiting else ""


class _Stand(NamedTuple):
    """Where a proposal stands in the list: cheap, because every one of thousands is asked for it."""

    watched: Watched
    key: str  # of its group
    waits: bool
    order: tuple[Any, ...]  # within its group


class Rows:
    """Puts what is watched into words."""

    def __init__(self, studio: "Studio") -> None:
        self._studio = studio
        self._asks = lru_cache(maxsize=2000)(self._ask_of)
        self._made: dict[str, tuple[Watched, date, dict[str, Any]]] = {}

    def row(self, watched: Watched) -> dict[str, Any]:
        """Return a row's words, and its line of the list as `html`. Made anew when it changed, and once a day."""
        today = self._studio.clock().astimezone(ZoneInfo(self._studio.workspace.timezone)).date()
        made = self._made.get(watched.row.id)
        if made is None or made[0] is not watched or made[1] != today:
            words = self._words(watched)
            made = (watched, today, {**words, "html": Markup(render("row.html.j2", row=words))})
            self._made[watched.row.id] = made
        return made[2]

    def _words(self, watched: Watched) -> dict[str, Any]:
        row, space = watched.row, self._studio.workspace
        state = shown_state(watched)
        colour, shape, _ = MARKS[state]
        moment = moment_of(watched)
        other = f" · {row.locale}" if row.locale != space.locale else ""
        return {
            "id": row.id,
            "sha": row.sha,
            "supersedes": row.supersedes,
            "state": {"name": state, "colour": colour, "shape": shape, "word": STATES[state]},
            "word": "waits" if state == "waiting" else STATES[state],
            "open": watched.open,
            "title": _NAMES.get(row.channel, row.channel) + other + (f" · {row.variant}" if row.variant > 1 else ""),
            "line": self._line(watched, state),
            "dir": direction(row.locale) if state == "waiting" else "auto",
            "locale": row.locale,
            "when": _short(moment, space.timezone, self._studio.clock()) if moment else "",
            "brief": row.brief_id,
            "channel": row.channel,
            "day": self._day(watched),
        }

    def groups(self, watched: Iterable[Watched], by: By) -> list[Group]:
        """Return the rows under their headings, what has something to decide first: `MOST` rows, those that wait first.

        A group of which no row is shown is left out.
        """
        kept = list(watched)
        for old in set(self._made) - {each.row.id for each in kept}:
            self._made.pop(old, None)
        stands: dict[str, list[_Stand]] = defaultdict(list)
        for each in kept:
            found = self._stand(each, by)
            stands[found.key].append(found)
        for group in stands.values():
            group.sort(key=lambda each: each.order)
        ordered = sorted(stands.items(), key=_FIRST[by])
        shown = _shown([each for _, group in ordered for each in group])
        made = (self._group(key, group, shown, by) for key, group in ordered)
        return [group for group in made if group.rows]

    def _stand(self, watched: Watched, by: By) -> _Stand:
        row = watched.row
        key = row.brief_id if by == "brief" else row.channel if by == "channel" else self._day(watched)
        foreign = row.locale != self._studio.workspace.locale
        order = (foreign, row.locale, row.variant, _ORDER.get(row.channel, 99), row.created_at)
        return _Stand(watched, key, shown_state(watched) == "waiting", order)

    def _group(self, key: str, stands: list[_Stand], shown: set[str], by: By) -> Group:
        rows = [self.row(each.watched) for each in stands if each.watched.row.id in shown]
        hidden = (each for each in stands if each.watched.row.id not in shown)
        title = self._title(rows[0], by) if rows else ""
        return Group(key, title, rows, sum(each.waits for each in stands), sum(each.waits for each in hidden))

    def _line(self, watched: Watched, state: str) -> str:
        row = watched.row
        if state == "stale":
            return f"out of date: {row.reason or 'what it was made from has changed'}"
        if row.state == "superseded":
            return "a new version is being made"
        if watched.decision and (watched.decision.verb == "hold" and state == "held"):
            note = f": {watched.decision.note}" if watched.decision.note else ""
            return shortened(f"held by {who(watched.decision.by).replace('You', 'you')}{note}", LINE)
        return shortened(row.text, LINE)

    def _title(self, row: dict[str, Any], by: By) -> str:
        if by == "brief":
            return str(self._asks(row["brief"]))
        if by == "channel":
            return str(_NAMES.get(row["channel"], row["channel"]))
        return f"{_weekday(row['day'])}" if row["day"] else "No day yet"

    def _day(self, watched: Watched) -> str:
        moment = moment_of(watched)
        return f"{moment.astimezone(ZoneInfo(self._studio.workspace.timezone)):%Y-%m-%d}" if moment else ""

    def _ask_of(self, brief_id: str) -> str:
        try:
            brief = self._studio.memory.briefs.get(brief_id)
        except NotFound:  # forgotten
            return "A brief that was forgotten"
        return shortened(brief.ask or brief.source_title, 90) or "A brief without words"


def _shown(ordered: list[_Stand]) -> set[str]:
    """Return the ids that a list shows: those that wait before the others, either in the order they stand in."""
    return {each.watched.row.id for each in sorted(ordered, key=lambda each: not each.waits)[:MOST]}


def _newest(group: tuple[str, list[_Stand]]) -> tuple[Any, ...]:
    key, stands = group
    newest = max(each.watched.row.created_at for each in stands)
    return not any(each.waits for each in stands), -newest.timestamp(), key


_FIRST: dict[By, Callable[[tuple[str, list[_Stand]]], tuple[Any, ...]]] = {
    "brief": _newest,
    "channel": lambda group: (_ORDER.get(group[0], 99), group[0]),
    "day": lambda group: (group[0] or _LAST,),
}


def moment_of(watched: Watched) -> datetime | None:
    """Return when it goes out; of what is released without a time, when that was: a proposed one means nothing then."""
    if watched.row.at is None and watched.stamp.state in ("approved", "scheduled", "live") and watched.decision:
        return watched.decision.at
    return watched.row.at or watched.row.suggested_at


def shown_state(watched: Watched) -> str:
    """Return the state a person cares about, as the card says it."""
    state, publication = watched.stamp.state, watched.stamp.publication
    if state == "superseded":
        return "drafting"
    if not publication or state not in ("approved", "scheduled", "live"):
        return state
    return OUT.get(publication, "scheduled" if watched.row.at else "approved")


def _short(moment: datetime, zone: str, now: datetime) -> str:
    """Return a time as short as it can be told from the others: `17:30` today, `Fri 08:30` this week, `30 Nov`."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if 0 < (local.date() - today).days < 7:
        return f"{local:%a %H:%M}"
    return f"{local.day} {local:%b}"


def _weekday(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found:%A} {found.day} {found:%B}"
