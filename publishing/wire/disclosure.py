"""What a workspace's policy adds to every text, before anybody approves it: a disclosure line, a signature.

Policy: `disclosure: "Drafted with help from software, checked by me."` adds the line to what a language model drafted;
`disclosure: {line: …, when: always}` adds it to everything. `signature: {newsletter: "Ines, from the harbour"}` is a
channel's last line. In a thread both stand in its last post.
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


def with_last_lines(channel: str, text: str, context: ComposeContext) -> str:
    """Return the text with what is due as its last paragraphs: the disclosure line, then the channel's signature.

    What the text ends with already is not said twice.
    """
    disclosed = (disclosure(context) or {}).get("line")
    signature = policy_of(context.workspace).signature.get(channel, "").strip()
    for line in (disclosed, signature):
        if line and not text.rstrip().endswith(f"\n\n{line}"):
            text = f"{text.rstrip()}\n\n{line}"
    return text
