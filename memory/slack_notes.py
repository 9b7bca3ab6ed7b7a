"""What the Slack door has to know after a restart: where cards lie, and what Slack has told already."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.base import Instant, Noun
from core.ids import new_id
from memory.clock import Clock
from memory.database import Database
from memory.rows import noun
from memory.tables import slack_events as events
from memory.tables import slack_messages as messages

KEPT = timedelta(days=30)
"""How long it is remembered what Slack told: it repeats an event for about an hour; a notification is for longer."""


class SlackMessage(Noun):
    """One card in Slack. `rest`: the messages in its thread that hold what did not fit. `chart`: the picture of its
    voice there, as its message and its file; `chart_of`: a hash of what it is drawn from, empty for none."""

    id: str
    workspace: str
    channel: str
    ts: str
    thread: str = ""
    root: str
    proposal_id: str
    stamp: str
    rest: tuple[str, ...] = ()
    chart: tuple[str, ...] = ()
    chart_of: str = ""
    made_at: Instant


class CutOff(Noun):
    """Something that was begun for somebody in Slack and never ended."""

    key: str
    channel: str
    thread: str


class SlackNotes:
    """The Slack door's own notes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    # where cards lie

    def lay(self, workspace: str, channel: str, ts: str, *, thread: str, root: str, proposal_id: str) -> SlackMessage:
        """Note a card's place. Its stamp is empty: the next look shows it as it is."""
        made = SlackMessage(
            id=new_id("sm"), workspace=workspace, channel=channel, ts=ts, thread=thread, root=root,
            proposal_id=proposal_id, stamp="", made_at=self._clock(),
        )  # fmt: skip
        row = made.model_dump() | {"rest": [], "chart": []}
        with self._database.write() as conn:
            conn.execute(insert(messages).values(row))
        return made

    def shown(self, message: SlackMessage) -> None:
        """Keep what is shown there now."""
        kept = {"proposal_id": message.proposal_id, "stamp": message.stamp, "rest": list(message.rest)}
        with self._database.write() as conn:
            conn.execute(update(messages).where(messages.c.id == message.id).values(kept))

    def claim_chart(self, message: SlackMessage, chart_of: str) -> bool:
        """Note that this is drawn there now, before it is; False where the place is gone, or somebody else's turn.

        What lay there has to be taken away before: it is no longer known afterwards.
        """
        same = (messages.c.id == message.id, messages.c.chart_of == message.chart_of)
        with self._database.write() as conn:
            done = conn.execute(update(messages).where(*same).values(chart_of=chart_of, chart=[]))
        return done.rowcount == 1

    def charted(self, message_id: str, chart_of: str, chart: Iterable[str]) -> bool:
        """Keep where a picture lies that was claimed; False where the place is gone, or shows something else by now."""
        mine = (messages.c.id == message_id, messages.c.chart_of == chart_of)
        with self._database.write() as conn:
            return conn.execute(update(messages).where(*mine).values(chart=list(chart))).rowcount == 1

    def lift(self, message_id: str) -> None:
        """Forget a place: its message is gone, or shows nothing any more."""
        with self._database.write() as conn:
            conn.execute(delete(messages).where(messages.c.id == message_id))

    def places(self, workspace: str, roots: Iterable[str] | None = None) -> list[SlackMessage]:
        """Return where cards lie, oldest first; only those of some first versions if they are given."""
        rows = select(messages).where(messages.c.workspace == workspace).order_by(messages.c.made_at, messages.c.id)
        if roots is not None:
            rows = rows.where(messages.c.root.in_(list(roots)))
        with self._database.read() as conn:
            return [noun(SlackMessage, row) for row in conn.execute(rows)]

    # what Slack told

    def begin(self, workspace: str, told: str, *, channel: str = "", thread: str = "") -> bool:
        """Note that something is taken up; False where it was before, by any process. One of many at once wins."""
        row = {"key": key_of(workspace, told), "workspace": workspace, "channel": channel, "thread": thread}
        try:
            with self._database.write() as conn:
                conn.execute(delete(events).where(events.c.at < self._clock() - KEPT))
                conn.execute(insert(events).values(row | {"state": "begun", "at": self._clock()}))
        except IntegrityError:
            return False
        return True

    def end(self, workspace: str, told: str) -> None:
        """Note that it is done."""
        with self._database.write() as conn:
            conn.execute(update(events).where(events.c.key == key_of(workspace, told)).values(state="done"))

    def cut_off(self, workspace: str) -> list[CutOff]:
        """Return what was begun for somebody and never ended, and note that it was told: at a start, before others."""
        mine = (events.c.workspace == workspace, events.c.state == "begun", events.c.channel != "")
        with self._database.write() as conn:
            found = [noun(CutOff, row) for row in conn.execute(select(events).where(*mine))]
            conn.execute(update(events).where(*mine).values(state="done"))
        return found


def key_of(workspace: str, told: str) -> str:
    """Return the key under which something is noted."""
    return hashlib.sha256(f"{workspace}\0{told}".encode("utf-8", "surrogatepass")).hexdigest()
