"""What the chat shows of learned rules and takes from their cards, in plain synchronous calls."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.cards import title
from app.preferring import asked_by, rules, say
from app.rule_cards import SHOWN_EDITS, RuleStory, Shown, rule_card
from app.studio import Studio
from app.wording import number_of, word_diff
from core.errors import GreenroomError, Stale
from core.preferences import Preference, Support

SHOWN = 3  # how many rules a new page asks about: each wants to be thought over

_CHANGED = "This rule stands otherwise since you saw it. What you see now is how it stands; you changed nothing."


@dataclass(frozen=True)
class RuleReply:
    """An answer to a rule's card."""

    said: str = ""
    done: bool = False
    touched: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what the card reads."""
        return {"said": self.said, "done": self.done}


class RuleTable:
    """Cards of rules out, a person's words on them in. A rule holds by a person's word or by their edits alone."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio

    def waiting(self) -> tuple[str, list[Preference]]:
        """Return what to say on a new page, and the rules that ask whether they should hold: best founded first."""
        asking = [each for each in rules(self.studio) if each.state == "candidate"]
        asking.sort(key=lambda each: (-len(each.support), -_newest(each), each.id))
        if not asking:
            return "", []
        ask = number_of(len(asking), "habit of yours asks", "habits of yours ask")
        rest = len(asking) - SHOWN
        more = f" Here are {SHOWN}; all of them: `greenroom preferences list`." if rest > 0 else ""
        return f"## {ask} to be kept to\n\nSeen in your edits.{more}", asking[:SHOWN]

    def asked_by(self, decision_id: str) -> list[Preference]:
        """Return the rules that an edit lets ask."""
        return asked_by(self.studio, decision_id)

    def latest(self, rule_id: str, /) -> Preference:
        """Return a rule as it is known now, or was last."""
        return self.studio.memory.preferences.get(self.studio.workspace.id, rule_id)

    def place(self, rule: Preference, /) -> str:
        """Return where it lies: a rule has one id for good."""
        return rule.id

    def stamps(self, rule_ids: Iterable[str], /) -> dict[str, tuple[str, ...]]:
        """Return for each rule what changes whenever its card must."""
        known = {each.id: each for each in self.studio.memory.preferences.current(self.studio.workspace.id)}
        found: dict[str, tuple[str, ...]] = {}
        for rule_id in rule_ids:
            carried = str(len(known[rule_id].support)) if rule_id in known else ""
            found[rule_id] = (self._stamp(rule_id), carried)
        return found

    def cards(self, found: Iterable[Preference], /) -> list[dict[str, Any]]:
        """Return the props of each rule's card."""
        now = self.studio.clock()
        return [rule_card(each, self._story(each), now) for each in found]

    def say(self, asked: Mapping[str, Any]) -> RuleReply:
        """Say of a rule what the person said, about what was shown to them."""
        rule_id, word, shown = (str(asked.get(key, "")) for key in ("id", "word", "stamp"))
        try:
            say(self.studio, rule_id, word, by=None, shown=shown)
        except Stale:
            return RuleReply(_CHANGED, touched=rule_id)
        except GreenroomError as error:
            return RuleReply(f"{error.message} {error.hint}".strip())
        done = "Taken back: your edits decide again." if word == "undo" else ""
        return RuleReply(done, done=True, touched=rule_id)

    def _stamp(self, rule_id: str) -> str:
        return self.studio.memory.preferences.stamp(self.studio.workspace.id, rule_id)

    def _story(self, rule: Preference) -> RuleStory:
        newest = sorted(rule.support, key=lambda each: each.at, reverse=True)
        return RuleStory(
            timezone=self.studio.workspace.timezone,
            edits=tuple(self._shown(each) for each in newest[:SHOWN_EDITS]),
            more=max(0, len(newest) - SHOWN_EDITS),
            word=self.studio.memory.preferences.last_word(rule.workspace, rule.id),
            stamp=self._stamp(rule.id),
            known=rule.recorded_to is None,
        )

    def _shown(self, support: Support) -> Shown:
        memory, workspace = self.studio.memory, self.studio.workspace.id
        about = title(memory.proposals.get(workspace, support.proposal_id))
        decision = memory.decisions.get(support.decision_id)
        if decision.verb == "changes":
            return Shown(at=support.at, title=about, note=decision.note)
        pair = memory.preferences.pair(workspace, support.decision_id)
        if pair is None:
            return Shown(at=support.at, title=about, withheld=True)
        changed = tuple((op, text) for op, text in word_diff(pair.drafted, pair.edited))
        return Shown(at=support.at, title=about, parts=changed)


def _newest(rule: Preference) -> float:
    return max((each.at.timestamp() for each in rule.support), default=0.0)
