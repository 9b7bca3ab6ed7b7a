"""The tasks of the harness, one file each."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evals.harness.task import Task


def tasks() -> "dict[str, Task[Any]]":
    """Return every task by its name, in the order of reports."""
    from evals.tasks import (
        briefs,
        conversation,
        edits,
        grounding,
        injection,
        localization,
        recall,
        rules,
        scheduling,
        slop,
        tags,
        voice,
    )

    made: list[Task[Any]] = [
        briefs.Briefs(),
        recall.Recall(),
        voice.Voice(),
        slop.Slop(),
        grounding.Grounding(),
        rules.Rules(),
        tags.Tags(),
        localization.Localization(),
        scheduling.Scheduling(),
        edits.Edits(),
        conversation.ToolChoice(),
        conversation.Clarifying(),
        conversation.Refusal(),
        injection.Injection(),
        injection.Obeyed(),
    ]
    return {each.name: each for each in made}
