"""The disclosure line that a workspace's policy asks for: part of the text before anybody approves it.

Policy: `disclosure: "Drafted with help from software, checked by me."` adds the line to what a language model drafted;
`disclosure: {line: …, when: always}` adds it to everything.
"""

from typing import Any

from core.policy import policy_of
from publishing.wire.context import ComposeContext

OWN_WORDS = ("rehearsal", "person", "")
"""Models that are none: the rehearsal model assembles the creator's own sentences."""


def disclosure(context: ComposeContext) -> dict[str, Any] | None:
    """Return `{"ai": bool, "line": str | None}` as it stands in the payload, or None without a policy."""
    asked = policy_of(context.workspace).disclosure
    if asked is None:
        return None
    ai = str(context.provenance.get("model") or "").partition(":")[0] not in OWN_WORDS
    return {"ai": ai, "line": asked.line if ai or asked.when == "always" else None}


def with_line(text: str, context: ComposeContext) -> str:
    """Return the text with the disclosure line as its last paragraph, where one is due."""
    found = disclosure(context)
    return f"{text.rstrip()}\n\n{found['line']}" if found and found["line"] else text
