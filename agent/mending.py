"""Which drafts are mended, which of two versions is kept, and what is remembered of the other one."""

from typing import Any

from core.drafts import Draft
from core.versions import MENDS, Choice
from tools.illustrate import words_can_mend

MOST = 2  # revisions of one draft
_INVENTED = ("invented_number", "invented_name", "invented_date")


def needs_mending(draft: Draft) -> bool:
    """Say whether something grave stands in a draft that another wording may mend, and a revision is left.

    What was mended without getting better is not sent again; what was rewritten instead of mended is, once.
    """
    made = draft.inputs.get(MENDS, ())
    if len(made) >= MOST or (made and not (made[-1]["kept"] or made[-1]["reason"] == "rewritten")):
        return False
    return any(
        words_can_mend(each) and (each.severity == "error" or each.rule in _INVENTED) and each.severity != "note"
        for each in draft.findings
    )


def remembered(draft: Draft, choice: Choice, old: Draft, new: Draft) -> Draft:
    """Return one of the two versions with what was decided about them."""
    entry: dict[str, Any] = {
        "draft": new.id,
        "of": old.id,
        "kept": choice.kept.id == new.id,
        "reason": choice.reason,
        "says": choice.says,
        "before": choice.before,
        "after": choice.after,
    }
    inputs = {**draft.inputs, MENDS: [*old.inputs.get(MENDS, ()), entry]}
    return draft.model_copy(update={"inputs": inputs})
