"""The disclosure line that a workspace's policy asks for: part of the text before anybody approves it.

Policy: `disclosure: "Drafted with help from software, checked by me."` adds the line to what a language model drafted;
`disclosure: {line: …, when: always}` adds it to everything.
"""

from typing import Any

from pydantic import ValidationError

from core.base import Noun
from core.errors import BadInput
from publishing.wire.context import ComposeContext

OWN_WORDS = ("rehearsal", "person", "")
"""Models that are none: the rehearsal model assembles the creator's own sentences."""


class Policy(Noun):
    """What the workspace asks for."""

    line: str
    when: str = "ai"  # ai: where a language model drafted; always


def policy_of(context: ComposeContext) -> Policy | None:
    """Return the workspace's disclosure policy, or None where it asks for nothing."""
    asked = context.workspace.policy.get("disclosure")
    if not asked:
        return None
    try:
        return Policy(line=asked) if isinstance(asked, str) else Policy.model_validate(asked)
    except ValidationError as error:
        raise BadInput(
            "the workspace's disclosure policy can't be read", "use a line of text, or {line: …, when: ai|always}"
        ) from error


def disclosure(context: ComposeContext) -> dict[str, Any] | None:
    """Return `{"ai": bool, "line": str | None}` as it stands in the payload, or None without a policy."""
    policy = policy_of(context)
    if policy is None:
        return None
    ai = str(context.provenance.get("model") or "").partition(":")[0] not in OWN_WORDS
    return {"ai": ai, "line": policy.line if ai or policy.when == "always" else None}


def with_line(text: str, context: ComposeContext) -> str:
    """Return the text with the disclosure line as its last paragraph, where one is due."""
    found = disclosure(context)
    return f"{text.rstrip()}\n\n{found['line']}" if found and found["line"] else text
