"""Scheduling sense: what a person types as a time is read as they meant it, or asked back."""

from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from core.base import Instant, Noun
from core.errors import BadInput
from evals.harness.cards import Case
from evals.harness.stage import Stage
from evals.harness.task import Metric, Scored, Task


class Meant(Noun):
    """What they meant: a wall time in their zone, or that it can't be known."""

    kind: Literal["at", "question"]
    at: datetime | None = None  # without a zone: the wall there


class WhenCase(Case):
    """What was typed, when and where."""

    ask: str
    now: Instant
    timezone: str
    locale: str = "en"
    expect: Meant


class Scheduling(Task[WhenCase]):
    """Through `core.whens`, as `--at`, the calendar, the chat and Slack ask it."""

    name = "scheduling"
    says = "A time is read as the person meant it; what has two meanings is asked back"
    limits = "Which moment was meant, not whether it is a good one to post."
    case = WhenCase
    metrics = (
        Metric("right", "share of the times read as they were meant", exact=True),
        Metric("asked_back", "share of what can't be known that is refused with a question", exact=True),
    )

    def perform(self, stage: Stage, case: WhenCase) -> dict[str, Any]:
        """Read the time."""
        from core.whens import understand

        try:
            found = understand(case.ask, case.now, case.timezone, case.locale)
        except BadInput as error:
            return {"wall": None, "said": f"{error.message} {error.hint}".strip()}
        return {
            "wall": found.at.astimezone(ZoneInfo(found.zone)).isoformat(),
            "said": found.words,
            "at": _iso(found.at),
        }

    def score(self, case: WhenCase, got: dict[str, Any]) -> Scored:
        """Compare instants."""
        asked = got["wall"] is None
        expected = case.expect.at
        if expected is not None and expected.tzinfo is None:
            expected = expected.replace(tzinfo=ZoneInfo(case.timezone))
        right = not asked and expected is not None and got["at"] == _iso(expected)
        return Scored(
            values={
                "right": float(right) if case.expect.kind == "at" else None,
                "asked_back": float(asked) if case.expect.kind == "question" else None,
            },
            expected=expected.isoformat() if expected else "a question",
            got=got["wall"] or "a question",
            why=got["said"],
        )

    def asked(self, case: WhenCase) -> str:
        """Return what was typed, and where."""
        return f"“{case.ask}”, {case.now:%a %Y-%m-%d %H:%M} UTC in {case.timezone} ({case.locale})"


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="minutes")
