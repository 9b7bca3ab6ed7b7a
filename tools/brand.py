"""What the brand holds to, before a draft is written and after: told as sentences, checked as rules."""

from collections.abc import Sequence

from core.brand import findings, in_sentences
from core.drafts import Content, Finding
from core.policy import policy_of
from tools.context import Context

TOLD = 60
"""Rules in a prompt, the gravest first. All of them are checked, however many there are."""


def brand_findings(
    context: Context, workspace: str, content: Content, *, channel: str, locale: str
) -> tuple[Finding, ...]:
    """Return what a content breaks of the facts that hold now."""
    facts = context.memory.facts.current(workspace)
    return findings(facts, content, locale, also=_added_lines(context, workspace, channel)) if facts else ()


def brand_rules(context: Context, workspace: str, locale: str) -> tuple[str, ...]:
    """Return the facts as rules for a writer."""
    return in_sentences(context.memory.facts.current(workspace), locale, TOLD)


def _added_lines(context: Context, workspace: str, channel: str) -> Sequence[str]:
    """Return what the policy adds to every text of this channel when it is frozen."""
    policy = policy_of(context.memory.workspaces.get(workspace))
    lines = [policy.signature.get(channel, "")]
    if policy.disclosure is not None and policy.disclosure.when == "always":
        lines.append(policy.disclosure.line)
    return [line for line in lines if line]
