"""What LinkedIn's answers mean where that is more than their status says."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from core.errors import NotConnected, TryLater
from publishing.http import said

_URN = re.compile(r"urn:li:(?:share|ugcPost|activity):\d+")
_AFTER_MIDNIGHT = timedelta(minutes=1)
_EPOCH_BITS = 22  # below them an id is a counter; above them it is the millisecond in which it was made


def version_retired(answer: httpx2.Response, version: str) -> None:
    """Raise NotConnected where LinkedIn has retired the version that is asked for: nothing was done."""
    if answer.status_code == 426:
        raise NotConnected(
            f"LinkedIn no longer answers version {version} of its API (426). Nothing was sent. Name a newer "
            "one, a year and month such as 202611: greenroom channels add linkedin --set version=YYYYMM"
        )


def quota_used_up(answer: httpx2.Response, now: datetime) -> None:
    """Raise TryLater until after midnight UTC, when LinkedIn's daily quotas begin anew: its 429 doesn't say when."""
    if answer.status_code == 429 and "retry-after" not in answer.headers:
        tomorrow = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        raise TryLater(f"LinkedIn asks to wait (429): {said(answer)}", tomorrow + _AFTER_MIDNIGHT)


def first_of_two(answer: httpx2.Response) -> str:
    """Return the URN of the post that this one repeats (422 DUPLICATE_POST); empty for any other answer."""
    if answer.status_code != 422 or "DUPLICATE_POST" not in _codes(answer):
        return ""
    found = _URN.search(str(_body(answer).get("message", "")))
    return found.group() if found else ""


def made_at(urn: str) -> datetime | None:
    """Return when a post was made, as the high bits of its id tell; None where they tell nothing likely."""
    try:
        made = datetime.fromtimestamp((int(urn.rpartition(":")[2]) >> _EPOCH_BITS) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return made if made.year >= 2010 else None


def _codes(answer: httpx2.Response) -> list[str]:
    details = _body(answer).get("errorDetails")
    errors = details.get("inputErrors") if isinstance(details, dict) else None
    return [str(each.get("code")) for each in errors or () if isinstance(each, dict)]


def _body(answer: httpx2.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
