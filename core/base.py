"""What every noun shares."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


class Noun(BaseModel):
    """A frozen value; a change is a copy (`model_copy(update=…)`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("needs a time zone")
    return moment.astimezone(UTC)


Instant = Annotated[datetime, AfterValidator(_aware)]
"""An aware datetime, kept in UTC."""
