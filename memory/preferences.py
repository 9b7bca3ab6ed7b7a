"""What people's edits taught. Learned from the decisions alone, so it can be learned again; nothing is overwritten."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from core.base import Noun
from core.edits.rules import TOLD, Rule
from core.edits.standing import Said, Word
from core.errors import NotFound, Stale
from core.preferences import EditedPair, Preference, language_of
from memory.authority import refuse_role
from memory.clock import Clock
from memory.consents import lost
from memory.database import Database
from memory.ledger import Ledger
from memory.passphrases import proven
from memory.proposals import load
from memory.rows import noun, values
from memory.tables import decisions, lessons, preference_words, workspaces
from memory.tables import preferences as table

if TYPE_CHECKING:
    from memory.settling import RuleWord

LONGEST_EXEMPLAR = 1_500  # characters of a pair's side: a model reads them with everything else
EXEMPLARS = 3


class Learned(Noun):
    """What learning came to: how many edits were new, and the rules that are different now."""

    edits: int
    changed: tuple[Preference, ...] = ()
    proposed: int = 0  # rules in words, by a language model


class Preferences:
    """Rules from edits, and the person's word on them. Only people teach, each in their own workspace."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def learn(self, workspace: str, *, again: bool = False) -> Learned:
        """Learn from every edit that was not learned from yet; `again`: from all of them anew.

        One transaction, and a second time changes nothing: a process that dies in it leaves what was.
        """
        from memory.lessons import FORGOTTEN, edits_to_learn, keep_lesson

        with self._database.read() as conn:
            if not again and not edits_to_learn(conn, workspace) and not self._fades(conn, workspace):
                return Learned(edits=0)
        with self._database.write() as conn:
            _one_at_a_time(conn, workspace)
            if again:
                stays = lessons.c.verb == FORGOTTEN  # what its edit was about was forgotten: nothing is learned from it
                conn.execute(delete(lessons).where(lessons.c.workspace == workspace, ~stays))
            new = edits_to_learn(conn, workspace)
            for edit in new:
                keep_lesson(conn, edit, self._clock())
            return Learned(edits=len(new), changed=self._settle(conn, workspace))

    def current(self, workspace: str) -> list[Preference]:
        """Return the rules as they are known now, those that hold first."""
        with self._database.read() as conn:
            found = _rows(conn, table.c.workspace == workspace, table.c.recorded_to.is_(None))
        order = ("active", "candidate", "faded", "rejected")
        return sorted(found, key=lambda each: (order.index(each.state), each.trait, each.old, each.new, each.id))

    def active(self, workspace: str, channel: str, locale: str) -> list[Preference]:
        """Return the rules that hold for drafts of a channel and locale."""
        return [each for each in self.current(workspace) if each.state == "active" and each.covers(channel, locale)]

    def get(self, workspace: str, preference_id: str) -> Preference:
        """Return a rule as it is known now, or was last. Raises NotFound."""
        return self.history(workspace, preference_id)[-1]

    def history(self, workspace: str, preference_id: str) -> list[Preference]:
        """Return all that was ever known of a rule, oldest first. Raises NotFound."""
        with self._database.read() as conn:
            found = _rows(conn, table.c.workspace == workspace, table.c.id == preference_id)
        if not found:
            raise NotFound(f"There is no rule {preference_id} in this workspace.", "See: greenroom preferences list")
        return found

    def say(
        self,
        workspace: str,
        preference_id: str,
        word: Word,
        *,
        by: str,
        note: str = "",
        secret: str | None = None,
        shown: str | None = None,
    ) -> Preference:
        """Accept a rule, reject it, or take one's word on it back; an owner or editor does. Return how it stands.

        `shown` is the `stamp` of what the person saw, where a door kept it. Raises NotFound, NotAllowed for who may
        not, and Stale where the rule stands otherwise by now: then nothing was said.
        """
        about = self.get(workspace, preference_id)
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, ("owner", "editor"), "say which rules hold")
            told = {
                "workspace": workspace,
                "preference": about.id,
                "word": word,
                "note": note,
                "says": about.says,
            }
            _one_at_a_time(conn, workspace)
            if shown is not None and shown != _stamp(conn, workspace, about.id):
                raise Stale("This rule stands otherwise by now. Nothing was said.", "See: greenroom preferences list")
            entry = self._ledger.append(conn, by, "preference", told)
            said = about.model_dump(include={"trait", "old", "new", "channel", "language"})
            row = {"seq": entry.seq, "preference_id": about.id, "word": word, "by": by, "at": entry.at, "note": note}
            conn.execute(insert(preference_words).values(row | said | {"workspace": workspace}))
            self._settle(conn, workspace)
        return self.get(workspace, preference_id)

    def stamp(self, workspace: str, preference_id: str) -> str:
        """Return what changes whenever a rule stands otherwise or somebody has had a word on it."""
        with self._database.read() as conn:
            return _stamp(conn, workspace, preference_id)

    def last_word(self, workspace: str, preference_id: str) -> Said | None:
        """Return the person's word that goes for a rule; None if nobody said one, or took it back."""
        with self._database.read() as conn:
            row = _last_word(conn, workspace, preference_id)
        said = Said(word=row.word, by=row.by, at=row.at, seq=row.seq) if row else None
        return None if said is None or said.word == "undo" else said

    def pair(self, workspace: str, decision_id: str) -> EditedPair | None:
        """Return what an edit's person was shown and what they made of it; None where consent or length forbid it."""
        with self._database.read() as conn:
            return _pair(conn, workspace, decision_id)

    def exemplars(self, workspace: str, channel: str, locale: str) -> list[EditedPair]:
        """Return the newest pairs of a draft and what the person made of it, for a channel and language.

        Pairs that show what consent was revoked for are left out.
        """
        with self._database.read() as conn:
            rows = select(lessons).where(
                lessons.c.workspace == workspace, lessons.c.channel == channel, lessons.c.verb == "edit"
            )
            found = conn.execute(rows.order_by(lessons.c.at.desc(), lessons.c.decision_id)).all()
            mine = [row for row in found if language_of(row.locale) == language_of(locale)]
            pairs: list[EditedPair] = []
            for row in mine:
                if len(pairs) < EXEMPLARS and (pair := _pair(conn, workspace, row.decision_id)):
                    pairs.append(pair)
        return pairs

    def settle(self, conn: Connection, workspace: str) -> tuple[Preference, ...]:
        """Bring the rules to what lessons and words say, inside the caller's transaction; return what is different."""
        return self._settle(conn, workspace)

    def pairs(self, workspace: str, most: int) -> list[EditedPair]:
        """Return the newest pairs of a draft and its edit, whatever the channel, with the same care for consent."""
        with self._database.read() as conn:
            rows = select(lessons.c.decision_id).where(lessons.c.workspace == workspace, lessons.c.verb == "edit")
            newest = conn.scalars(rows.order_by(lessons.c.at.desc(), lessons.c.decision_id)).all()
            found = (_pair(conn, workspace, decision_id) for decision_id in newest)
            return [pair for pair in found if pair][:most]

    def propose(self, workspace: str, rules: dict[str, tuple[str, ...]]) -> None:
        """Keep rules in words with the edits (decisions) that show them: candidates, which only a person lets hold."""
        if not rules:
            return
        with self._database.write() as conn:
            _one_at_a_time(conn, workspace)
            for says, shown in rules.items():
                rule = {"trait": TOLD, "old": "", "new": says}
                mine = (lessons.c.workspace == workspace, lessons.c.decision_id.in_(shown))
                for row in conn.execute(select(lessons.c.decision_id, lessons.c.data).where(*mine)).all():
                    if not any(each["rule"] == rule for each in row.data):
                        data = [*row.data, {"rule": rule, "voice": "for"}]
                        one = lessons.c.decision_id == row.decision_id
                        conn.execute(update(lessons).where(one).values(data=data))
            self._settle(conn, workspace)

    def _fades(self, conn: Connection, workspace: str) -> bool:
        """Say whether a rule that holds is too old by now."""
        now = self._clock()
        held = [each for each in _rows(conn, *_now(workspace)) if each.state == "active"]
        if not held:
            return False
        standing = {each.id: each.state for each in _settled(conn, workspace, now)}
        return any(standing.get(each.id) != "active" for each in held)

    def _settle(self, conn: Connection, workspace: str) -> tuple[Preference, ...]:
        """Bring the rules to what the lessons and words say now; each change is a new row."""
        now = self._clock()
        known = {each.id: each for each in _rows(conn, *_now(workspace))}
        fresh = {each.id: each for each in _settled(conn, workspace, now)}
        changed = [each for each in fresh.values() if not _same(known.get(each.id), each)]
        gone = [each for each in known.values() if each.id not in fresh]
        for old in (*(known[each.id] for each in changed if each.id in known), *gone):
            _close(conn, old, now, ended=old.id not in fresh or fresh[old.id].state != old.state)
        for new in changed:
            conn.execute(insert(table).values(values(new, table)))
        return (*changed, *(each.model_copy(update={"recorded_to": now, "valid_to": now}) for each in gone))


def _one_at_a_time(conn: Connection, workspace: str) -> None:
    """Let no other process learn in this workspace until the end (on SQLite the writer is alone already)."""
    conn.execute(select(workspaces.c.id).where(workspaces.c.id == workspace).with_for_update())


def _pair(conn: Connection, workspace: str, decision_id: str) -> EditedPair | None:
    from memory.lessons import text_pair

    row = conn.execute(select(decisions).where(decisions.c.id == decision_id)).one()
    shown = [load(conn, workspace, each) for each in (row.proposal_id, row.new_proposal_id) if each]
    if any(lost(conn, each) for each in shown):
        return None
    drafted, edited = text_pair(conn, decision_id)
    if drafted == edited or max(len(drafted), len(edited)) > LONGEST_EXEMPLAR:
        return None
    return EditedPair(decision_id=decision_id, drafted=drafted, edited=edited)


def _last_word(conn: Connection, workspace: str, preference_id: str) -> Row[Any] | None:
    mine = (preference_words.c.workspace == workspace, preference_words.c.preference_id == preference_id)
    return conn.execute(select(preference_words).where(*mine).order_by(preference_words.c.seq.desc())).first()


def _stamp(conn: Connection, workspace: str, preference_id: str) -> str:
    rows = _rows(conn, table.c.id == preference_id, *_now(workspace))
    word = _last_word(conn, workspace, preference_id)
    return f"{rows[0].state if rows else 'gone'}:{word.seq if word else 0}"


def _settled(conn: Connection, workspace: str, now: datetime) -> "list[Preference]":
    from memory.lessons import kept_lessons
    from memory.settling import settled

    return list(settled(workspace, kept_lessons(conn, workspace), _words(conn, workspace), now))


def _now(workspace: str) -> tuple[ColumnElement[bool], ...]:
    return (table.c.workspace == workspace, table.c.recorded_to.is_(None))


def _rows(conn: Connection, *which: ColumnElement[bool]) -> list[Preference]:
    rows = select(table).where(*which).order_by(table.c.number)
    return [noun(Preference, row) for row in conn.execute(rows)]


def _words(conn: Connection, workspace: str) -> "list[RuleWord]":
    from memory.settling import RuleWord

    rows = select(preference_words).where(preference_words.c.workspace == workspace).order_by(preference_words.c.seq)
    return [
        RuleWord(
            rule=Rule(trait=row.trait, old=row.old, new=row.new),
            channel=row.channel,
            language=row.language,
            said=Said(word=row.word, by=row.by, at=row.at, seq=row.seq),
        )
        for row in conn.execute(rows)
    ]


def _same(old: Preference | None, new: Preference) -> bool:
    return old is not None and (old.state, old.support, old.valid_from) == (new.state, new.support, new.valid_from)


def _close(conn: Connection, old: Preference, now: datetime, *, ended: bool) -> None:
    row = (table.c.id == old.id, table.c.recorded_to.is_(None))
    conn.execute(update(table).where(*row).values(recorded_to=now, valid_to=now if ended else None))
