"""What a person picks from their IDE's menu: prompts that use our tools. Their texts are in prompts/ide/."""

from dataclasses import dataclass
from hashlib import sha256

from app.callers import Caller
from app.ide.shelves import rules
from core.channels import channel as channel_rules
from core.errors import BadInput

LONGEST = 200_000  # characters of a material


@dataclass(frozen=True)
class Words:
    """One prompt: its name, what it is for, and what it asks for: (name, description, needed)."""

    name: str
    title: str
    description: str
    asks: tuple[tuple[str, str, bool], ...]


MENU = (
    Words(
        "write_in_my_voice",
        "Write in my voice",
        "Write about something as I would, from what I said before, with receipts",
        (("topic", "What to write about", True), ("channel", "Where it is for: bluesky, newsletter, site …", False)),
    ),
    Words(
        "repurpose_file",
        "Repurpose this file",
        "Turn a transcript, an article or notes into drafts for my channels",
        (
            ("material", "The text itself", True),
            ("channels", "Only these, comma-separated; else the workspace's", False),
        ),
    ),
)
NAMED = {each.name: each for each in MENU}


def fill(caller: Caller, name: str, given: dict[str, str]) -> str:
    """Return a prompt's text. Raises BadInput, naming what is missing or unknown."""
    import prompts

    words = NAMED.get(name)
    if words is None:
        raise BadInput(f"There is no prompt {name[:80]!r}.", f"There are: {', '.join(NAMED)}.")
    _refuse(words, given)
    if name == "repurpose_file":
        material = given["material"]
        mark = sha256(material.encode("utf-8", "surrogatepass")).hexdigest()[:8]  # no material closes its own frame
        named = ", ".join(
            channel_rules(each.strip()).name for each in given.get("channels", "").split(",") if each.strip()
        )
        return prompts.render("ide/repurpose_file", material=material, channels=named, mark=mark)
    channel = channel_rules(given["channel"]).name if given.get("channel") else ""
    studio = caller.studio
    profile = studio.memory.voice.profile(studio.workspace.id, channel or None)
    return prompts.render(
        "ide/write_in_my_voice",
        topic=given["topic"],
        channel=channel,
        voice=caller.show(list(profile.summary)),
        rules=caller.show(rules(caller)),
    )


def _refuse(words: Words, given: dict[str, str]) -> None:
    known = {name for name, _, _ in words.asks}
    if unknown := sorted(set(given) - known):
        raise BadInput(f"{words.name} takes no {unknown[0][:80]!r}.", f"It takes: {', '.join(sorted(known))}.")
    for name, description, needed in words.asks:
        if needed and not given.get(name, "").strip():
            raise BadInput(f"{words.name} needs {name}: {description[0].lower()}{description[1:]}.")
        if len(given.get(name, "")) > LONGEST:
            raise BadInput(f"{name} has more than {LONGEST} characters.", "Import it: greenroom import FILE")
