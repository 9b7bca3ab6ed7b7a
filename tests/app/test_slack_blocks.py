"""Cards and forms for Slack: within its limits whatever they hold, whole, and nothing in them is read as markup."""

import random
from typing import Any

import pytest

from app.slack_door.blocks import card_blocks, private_blocks
from app.slack_door.modals import document_in, edit_view, fields_of
from app.slack_door.words import answer, escaped, escaped_pieces, link, pieces, spoken
from core.errors import BadInput
from tests.fakes.slack_blocks import check_blocks, check_view
from tests.fakes.slack_fake import submitted

chance = random.Random(2)
ASKED = {"id": "p_1", "sha": "a" * 64, "channel": "C1", "ts": "1.1", "thread": ""}


def noise(length: int) -> str:
    return "".join(chance.choice("ab <!channel>&\n*é_|") for _ in range(length))


def card(text: int, rest: int) -> dict[str, Any]:
    """Return a card whose text, and whose everything else, is so long."""
    return {
        "id": "p_1", "sha": "a" * 64, "short_sha": "a" * 12, "sha_label": "An approval covers exactly this:",
        "title": noise(200), "sub": noise(70), "account": noise(40), "state": {"name": "waiting", "word": "waits"},
        "open": True, "undo": None, "meters": [{"used": "1", "limit": None, "unit": "characters", "over": True}],
        "preview": {
            "title": noise(rest), "summary": noise(rest), "fields": [["Subject", noise(rest)]] * 3,
            "pictures": [{"words": noise(rest)}] * 4, "text": noise(text),
        },
        "when": noise(rest), "changed": {"words": "Since:", "parts": [["del", noise(rest)], ["ins", noise(rest)]]},
        "voice": {"score": 70, "low": 60, "high": 80, "words": "in your voice", "reason": noise(rest)},
        "findings": [{"word": "Note:", "message": noise(rest)}] * 20, "segments": None, "more_receipts": "",
        "receipts": [{"quote": noise(rest), "source": noise(50)}] * 3, "provenance": noise(90), "outcome": "",
        "url": None,
    }  # fmt: skip


@pytest.mark.parametrize("text", [0, 1, 2900, 6000, 20_000])
@pytest.mark.parametrize("rest", [1, 400, 4000])
def test_a_card_keeps_to_the_limits_and_loses_nothing(text: int, rest: int) -> None:
    made = card(text, rest)
    shown = card_blocks(made)
    check_blocks(shown.blocks)
    check_blocks(private_blocks(made, "").blocks)
    quoted = [each["elements"][0]["elements"][0]["text"] for each in shown.blocks if each["type"] == "rich_text"]
    more = [words for what, words in shown.rest if what.endswith("rest of the text")]
    assert "".join([*quoted, *more]) == made["preview"]["text"]
    told = [each["text"]["text"] for each in shown.blocks if each["type"] == "section"]
    assert "<!" not in "".join([*told, shown.text])
    assert made["findings"][0]["message"] in "\n".join(words for _, words in shown.rest) or rest == 1
    assert not any(each["type"] == "actions" for each in private_blocks(made, "").blocks)


@pytest.mark.parametrize("length", [0, 10, 2400, 9000, 60_000])
def test_a_form_gives_the_document_back_also_where_slack_trims(length: int) -> None:
    document = noise(length)
    view = check_view(edit_view(ASKED, document, [noise(4000)])) | {"id": "V1"}
    sent = submitted(view, {}, "U1")["view"]
    assert document_in(sent, document) == document
    for block in sent["state"]["values"].values():
        block["text"]["value"] = (block["text"]["value"] or "").strip() or None
    assert document_in(sent, document).strip() == document.strip()


def test_a_document_that_no_form_holds_is_refused() -> None:
    with pytest.raises(BadInput, match="more than a form"):
        fields_of("a" * 80_000)


def test_texts_are_cut_where_they_pause_and_are_whole_again() -> None:
    for length in (1, 2899, 2901, 9000):
        text = noise(length)
        assert "".join(pieces(text)) == text
        assert "".join(escaped_pieces(text)) == escaped(text)
        assert all(len(each) <= 2900 for each in (*pieces(text), *escaped_pieces(text)))


def test_nothing_becomes_a_mention_or_a_link() -> None:
    assert escaped("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"
    assert answer("**b** [x](http://e) <!here>") == "*b* [x](http://e) &lt;!here&gt;"
    assert link("javascript:alert(1)", "a<b") == "a&lt;b"
    assert link("https://a.b/?c&d", "T|<x>") == "<https://a.b/?c&amp;d|T/&lt;x&gt;>"
    assert link("https://a.b|evil>", "T") == "T"
    assert spoken("<@U1|bob> <!channel> <http://x.y|x.y> &lt;b&gt;") == "@bob !channel http://x.y <b>"
