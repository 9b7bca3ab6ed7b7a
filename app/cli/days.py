"""Days and moments as they are written at the terminal."""

from datetime import datetime


def moment(text: str | None) -> datetime | None:
    """Return a day or a moment; None where nothing was written. Raises BadInput with how to write it."""
    if text is None:
        return None
    from core.errors import BadInput
    from memory.importers.dates import read_date

    said = read_date(text)
    if said.at is None:
        raise BadInput(f"{text!r} is no date: {said.note or 'not understood'}.", "Write it as 2024-05-01.")
    return said.at
