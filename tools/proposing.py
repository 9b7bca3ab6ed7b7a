"""Rules in words, proposed by a language model from pairs of a draft and its edit; nothing without evidence.

What a model says is checked against the two texts, and never holds by itself: it waits for a person's word.
"""

from core.edits.change import Change, Rewrite
from core.edits.guard import is_fact, names_in, quoted
from models import ask, is_rehearsal
from models.tasks import PairToRead, ProposedRule, RulesAnswer, RulesRequest, Shown
from tools.context import Context

MOST_PAIRS = 6
LEAST_EVIDENCE = 2  # pairs
LONGEST = 120  # characters of a rule


def propose_rules(context: Context, workspace: str) -> int:
    """Ask the model which habits show in the newest edits, keep what holds as candidates, and return how many.

    The rehearsal model is not asked: it can't tell.
    """
    if is_rehearsal(context.model):
        return 0
    memory = context.memory.preferences
    pairs = {pair.decision_id: pair for pair in memory.pairs(workspace, MOST_PAIRS)}
    if len(pairs) < LEAST_EVIDENCE:
        return 0
    request = RulesRequest(
        pairs=tuple(
            PairToRead(id=pair.decision_id, drafted=pair.drafted, edited=pair.edited) for pair in pairs.values()
        ),
        known=tuple(each.says for each in memory.current(workspace)),
    )
    answer = ask(context.model, "rules", request, RulesAnswer, meter=context.meter_for(workspace, None), stage="rules")
    by_id = {pair.id: pair for pair in request.pairs}
    holding = {rule.says.strip(): shown for rule in answer.rules if (shown := _evidence(rule, by_id))}
    memory.propose(workspace, {says: shown for says, shown in holding.items() if says not in request.known})
    return len(holding)


def _evidence(rule: ProposedRule, pairs: dict[str, PairToRead]) -> tuple[str, ...]:
    """Return the pairs that show a rule; none where it is no rule of writing, or too few of them do."""
    says = rule.says.strip()
    if not says or len(says) > LONGEST or not says.isprintable() or is_fact(says) or quoted(says) or names_in(says):
        return ()
    shown = {each.pair for each in rule.evidence if each.pair in pairs and _shows(each, pairs[each.pair])}
    return tuple(sorted(shown)) if len(shown) >= LEAST_EVIDENCE else ()


def _shows(shown: Shown, pair: PairToRead) -> bool:
    """Say whether the words stand where the model says, were changed there, and are no correction of a fact."""
    start = pair.drafted.find(shown.drafted) if shown.drafted.strip() else -1
    if start < 0 or shown.edited not in pair.edited or shown.drafted == shown.edited:
        return False
    change = Change(pair.drafted, pair.edited)
    if change.fate(Rewrite(start, start + len(shown.drafted), shown.edited)) == "left":
        return False
    words = Change(shown.drafted, shown.edited)
    cut = " ".join(words.old[at].key for at in range(len(words.old)) if at not in words.place_of)
    return not is_fact(cut) or not shown.edited
