"""What a board hears while it is open: every row that changed anywhere, as the server words it."""

import json
from collections.abc import AsyncGenerator, Iterable
from typing import Any

from app.board.briefs import Jobs
from app.board.rows import Rows
from app.watching import Change, Watch

_LONGEST = 15  # digits of a change's number: more of them are no number of ours


class Stream:
    """Server-sent events. Their ids name a change, so that a page that was away is told what it missed."""

    def __init__(self, watch: Watch, rows: Rows, jobs: Jobs) -> None:
        self._watch = watch
        self._rows = rows
        self._jobs = jobs

    @property
    def mark(self) -> str:
        """Where a page that is made now stands."""
        return f"{self._watch.epoch}.{self._watch.number}"

    async def events(self, mark: str) -> AsyncGenerator[str, None]:
        """Yield events after `mark` for as long as somebody listens."""
        epoch, _, number = mark.rpartition(".")
        if epoch != self._watch.epoch or not (
            number.isdecimal() and len(number) <= _LONGEST
        ):  # another process's numbering, or an earlier start's
            yield _event("anew", {}, self.mark)
            number = str(self._watch.number)
        async for changes in self._watch.listen(int(number)):
            if changes is None:
                yield _event("anew", {}, self.mark)
            elif changes:
                yield _event("rows", self._told(changes), f"{self._watch.epoch}.{changes[-1].number}")
            else:
                yield ": still here\n\n"

    def _told(self, changes: Iterable[Change]) -> dict[str, Any]:
        latest = {change.proposal_id: change for change in changes}
        shown = [_row(self._rows, change) for change in latest.values() if change.now]
        gone = [change.proposal_id for change in latest.values() if change.now is None]
        return {"rows": shown, "gone": gone}


def _row(rows: Rows, change: Change) -> dict[str, Any]:
    assert change.now is not None
    row = rows.row(change.now)
    keys = {key: row[key] for key in ("id", "supersedes", "brief", "channel", "day", "title")}
    was = change.was.state if change.was else ""
    return {**keys, "was": was, "said": change.said, "html": str(row["html"])}


def _event(name: str, data: dict[str, Any], mark: str) -> str:
    return f"id: {mark}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
