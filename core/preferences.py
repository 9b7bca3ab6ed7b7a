"""What somebody's edits taught: a rule, how it stands, and the edits that carry it."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from core.base import Instant, Noun
from core.canonical import sha256
from core.edits.rules import Rule
from core.edits.standing import State

NEWEST = 4  # days that are named; what is older is counted


class Support(Noun):
    """One edit that carries a rule."""

    decision_id: str
    proposal_id: str
    at: Instant


class Preference(Noun):
    """A rule as it was known from `recorded_at` to `recorded_to` (None: it still is)."""

    id: str
    workspace: str
    trait: str
    old: str = ""
    new: str = ""
    channel: str | None = None  # None: everywhere
    language: str | None = None  # None: in all
    state: State
    support: tuple[Support, ...] = ()
    contradiction: float = 0.0
    valid_from: Instant | None = None
    valid_to: Instant | None = None
    recorded_at: Instant
    recorded_to: Instant | None = None

    @property
    def rule(self) -> Rule:
        """The rule alone."""
        return Rule(trait=self.trait, old=self.old, new=self.new)

    @property
    def says(self) -> str:
        """The rule in words."""
        from core.edits.applying import says

        where = f", on {self.channel}" if self.channel else ""
        return says(self.rule) + where + (f", in {self.language}" if self.language else "")

    def because(self, timezone: str = "UTC") -> str:
        """Return where it comes from: "from your edits of 3 and 7 May"."""
        return because([each.at for each in self.support], timezone)

    def covers(self, channel: str, locale: str) -> bool:
        """Say whether it goes for a channel and locale."""
        return self.channel in (None, channel) and self.language in (None, language_of(locale))


class EditedPair(Noun):
    """A draft as it was shown, and what the person made of it."""

    decision_id: str
    drafted: str
    edited: str


def language_of(locale: str) -> str:
    """Return the language of a locale: rules of writing go by it."""
    return locale.replace("_", "-").partition("-")[0].lower()


def id_of(workspace: str, rule: Rule, channel: str | None, language: str | None) -> str:
    """Return the id of a rule in its place: the same whenever it is learned again."""
    return "pref_" + sha256([workspace, rule.key, channel, language])[:12]


def because(moments: Sequence[Instant], timezone: str = "UTC") -> str:
    """Return the days of edits in words, the newest few by name."""
    days = sorted({moment.astimezone(ZoneInfo(timezone)).date() for moment in moments})
    if not days:
        return "you said so"
    shown = days[-NEWEST:]
    named = [_day(day, shown[at + 1 :]) for at, day in enumerate(shown)]
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    earlier = f" and {len(days) - len(shown)} days before" if len(days) > len(shown) else ""
    return f"from your {'edit' if len(moments) == 1 else 'edits'} of {listed}{earlier}"


def _day(day: date, later: Sequence[date]) -> str:
    """Name a day, its month only where the next one named has another."""
    same = bool(later) and (later[0].year, later[0].month) == (day.year, day.month)
    return str(day.day) if same else f"{day.day} {day:%B}"
