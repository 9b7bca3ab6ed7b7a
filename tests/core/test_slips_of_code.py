"""What looks like a slip of the pen and is the name of something: __init__, a TODO list, @name@host."""

import pytest

from core.drafts import Content
from core.grounding import findings as ground
from core.localization import document_findings
from core.rules import findings


def told(text: str) -> list[str]:
    """Return the rules that a Bluesky post breaks."""
    return [each.rule for each in findings("bluesky", Content(text=text)) if each.severity != "note"]


@pytest.mark.parametrize(
    "text",
    [
        "The kiln's whole brain sits in __main__ and in __init__.",
        "It calls __reboot__() at midnight, and module.__loaded__ says so.",
        "My TODO fits on a stamp.",
        "The TODO list is empty; so is the TODO app. Eine TODO-Liste hat niemand.",
    ],
)
def test_a_name_of_code_and_a_list_are_subjects(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("The market is __really__ open.", "markdown_shows"),
        ("The market is **really** open.", "markdown_shows"),
        ("Doors open at TODO.", "placeholder"),
        ("TODO: the address", "placeholder"),
        ("We meet in FIXME on Monday.", "placeholder"),
        ("Tickets cost TBD.", "placeholder"),
    ],
)
def test_what_was_never_filled_in_or_shows_is_told(text: str, rule: str) -> None:
    assert told(text) == [rule]


def test_a_lost_handle_with_its_host_is_told_once() -> None:
    source = "Drawn by @runa@kiln.example, who also writes."
    lost = document_findings(source, "Gezeichnet von jemandem, der auch schreibt.", "de", source_locale="en")
    assert [each.rule for each in lost] == ["handle"]
    draft = Content(text="Drawn by @olaf@kiln.example, who also writes.")
    assert [each.rule for each in ground(draft, [source], []) if each.severity != "note"] == ["invented_name"]
    assert ground(Content(text=source), [source], []) == ()


def test_a_lost_mail_address_is_told() -> None:
    lost = document_findings("Write to runa@kiln.example, please.", "Schreib uns bitte.", "de", source_locale="en")
    assert [each.rule for each in lost] == ["url"]
