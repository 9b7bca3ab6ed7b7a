"""The picture of a draft's voice in Slack: in its card's thread, once, in words too, and never in a card's way."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.card_table import CardTable
from app.sensitivity import mark_work
from app.settings import Settings
from app.slack_door.charts import chart_of
from app.studio import Studio
from core.drafts import VoiceReason, VoiceScore
from core.errors import NotFound
from core.proposals import Proposal
from tests.app.slack_harness import SECRETS, Open, open_slack, people, wait_for
from tests.app.translating import post, small_studio
from tests.conftest import Clock
from tests.fakes.http_fake import Refused, lost_answer, refuse, slow
from tests.fakes.slack_blocks import check_blocks
from tests.fakes.slack_fake import CHANNEL, FakeSlack

HABITS = (
    VoiceReason(feature="commas", draft=6.7, yours=2.7, text="commas 6.7 per 100 words, yours 2.7"),
    VoiceReason(feature="questions", draft=0.0, yours=8.1, text="questions 0 per 100 sentences, yours 8.1"),
)
SCORE = VoiceScore(score=72.4, verdict="in_voice", interval=(60.2, 83.1), reasons=HABITS, works=14)
OTHER = SCORE.model_copy(update={"score": 31.0, "verdict": "off_voice", "interval": (20.0, 44.0)})
TOO_LITTLE = VoiceScore(score=None, verdict="not_enough", interval=None, works=2)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    made = small_studio(tmp_path, Clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC)), user="Ines")
    people(made)
    secret = Settings(secret=SECRETS["Ines"]).secret
    yield Studio(made.settings.model_copy(update={"secret": secret}), made.memory, clock=made.clock)
    made.close()


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake


def pictures(slack: FakeSlack) -> list[dict[str, Any]]:
    """Return the messages that show a picture."""
    return [each for each in list(slack.messages.values()) if any(b["type"] == "image" for b in each["blocks"])]


def card(slack: FakeSlack, proposal: Proposal) -> dict[str, Any]:
    wait_for(lambda: [each for each in slack.cards() if proposal.id in json.dumps(each["blocks"])])
    return next(each for each in slack.cards() if proposal.id in json.dumps(each["blocks"]))


def settled(door: Open) -> None:
    """Wait until no picture is under way."""
    wait_for(lambda: not door.door.places.charts._tasks, 20)


def test_a_picture_lies_in_the_cards_thread_with_the_same_in_words(studio: Studio, slack: FakeSlack) -> None:
    proposal = post(studio, channel="bluesky", voice=SCORE)
    with open_slack(studio, slack):
        laid = card(slack, proposal)
        wait_for(lambda: pictures(slack))
    [message], [[file, kept]] = pictures(slack), list(slack.files.items())
    [image] = message["blocks"]
    assert (message["channel"], message["thread_ts"]) == (CHANNEL, laid["thread_ts"])
    assert image["slack_file"] == {"id": file} and proposal.sha[:12] in image["title"]["text"]
    words = ("voice 72 of 100", "between 60 and 83", "14 works of yours", *(each.text for each in HABITS))
    assert all(word in image["alt_text"] and word in message["text"] for word in words)
    assert kept["alt"] == image["alt_text"][: len(kept["alt"])] and len(kept["alt"]) > 200
    assert "\u25cf" in json.dumps(laid, ensure_ascii=False)  # the card says it as well, picture or not
    with Image.open(BytesIO(kept["data"])) as drawn:
        assert (drawn.format, drawn.width) == ("PNG", 800)
    assert slack.unseen() == []
    assert len([call for call in slack.calls("POST /api/chat.postMessage") if b"slack_file" in call.body]) == 2
    assert slack.calls("POST /api/chat.update") and not any(
        "slack_file" in call.body.decode() for call in slack.calls("POST /api/chat.update")
    )


@pytest.mark.parametrize("voice", [TOO_LITTLE, None])
def test_too_little_to_measure_on_is_no_picture(studio: Studio, slack: FakeSlack, voice: VoiceScore | None) -> None:
    proposal = post(studio, channel="bluesky", voice=voice)
    with open_slack(studio, slack) as door:
        card(slack, proposal)
        settled(door)
    assert slack.files == {} and pictures(slack) == []


def test_a_restart_and_a_decision_lay_no_other(studio: Studio, slack: FakeSlack) -> None:
    proposal = post(studio, channel="bluesky", voice=SCORE)
    with open_slack(studio, slack) as door:
        card(slack, proposal)
        wait_for(lambda: pictures(slack))
        settled(door)
    with open_slack(studio, slack) as door:
        laid = card(slack, proposal)
        door.person("Mats").press(laid, "hold")
        wait_for(lambda: "on hold" in json.dumps(slack.messages[laid["channel"], laid["ts"]]))
        door.person("Mats").press(laid, "approve")
        wait_for(lambda: "approved this" in json.dumps(slack.messages[laid["channel"], laid["ts"]]))
        settled(door)
    assert len(pictures(slack)) == len(slack.files) == 1
    assert len(slack.calls("POST /api/files.getUploadURLExternal")) == 1


def test_an_edit_takes_the_picture_of_the_version_before_away(
    studio: Studio, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = post(studio, channel="bluesky", voice=SCORE)
    with open_slack(studio, slack) as door:
        laid = card(slack, proposal)
        wait_for(lambda: pictures(slack))
        settled(door)
        monkeypatch.setattr(studio.memory.voice, "score", lambda *_given, **_more: OTHER)
        new = studio.decide(proposal.id, "edit", proposal.sha, body="Nobody owns the tide, they say.").new_proposal
        assert new is not None
        wait_for(lambda: [each for each in pictures(slack) if new.sha[:12] in json.dumps(each["blocks"])])
        settled(door)
        [message], [file] = pictures(slack), list(slack.files)
        assert message["blocks"][0]["slack_file"] == {"id": file} and "voice 31 of 100" in message["text"]
        monkeypatch.setattr(studio.memory.voice, "score", lambda *_given, **_more: TOO_LITTLE)
        studio.decide(new.id, "edit", new.sha, body="Nobody owns it.")
        wait_for(lambda: not slack.files and not pictures(slack))
        assert len(slack.cards()) == 1 and slack.cards()[0]["ts"] == laid["ts"]


def test_what_is_private_is_not_drawn(studio: Studio, slack: FakeSlack) -> None:
    shut = post(studio, "The tin of the harbour office.", "bluesky", SCORE, private=True)
    with open_slack(studio, slack) as door:
        wait_for(lambda: "marked private" in slack.words())
        settled(door)
        assert slack.files == {} and pictures(slack) == []
        assert shut.text not in slack.words() and HABITS[0].text not in slack.words()


def test_what_is_called_private_later_is_taken_away_at_the_next_start(
    studio: Studio, slack: FakeSlack, tmp_path: Path
) -> None:
    words = "The verger keeps a second key beneath the third hydrangea, and he told me twice."
    (tmp_path / "verger.md").write_text(f"# The verger\n\n{words}\n", encoding="utf-8")
    studio.import_paths([tmp_path / "verger.md"])
    proposal = post(studio, words, "bluesky", SCORE)
    with open_slack(studio, slack) as door:
        laid = card(slack, proposal)
        wait_for(lambda: pictures(slack))
        settled(door)
    mark_work(studio, studio.works()[0].id, "private")
    with open_slack(studio, slack):
        wait_for(lambda: "marked private" in json.dumps(slack.messages[laid["channel"], laid["ts"]]))
        wait_for(lambda: not slack.files and not pictures(slack))
        assert words not in json.dumps(list(slack.messages.values()))


def test_what_is_forgotten_takes_its_picture_with_it(
    studio: Studio, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = post(studio, channel="bluesky", voice=SCORE)
    with open_slack(studio, slack) as door:
        card(slack, proposal)
        wait_for(lambda: pictures(slack))
        settled(door)

    def gone(_table: CardTable, proposal_id: str) -> Proposal:
        raise NotFound(f"There is no proposal {proposal_id}.")

    monkeypatch.setattr(CardTable, "latest", gone)
    with open_slack(studio, slack):
        wait_for(lambda: "no longer here" in slack.words())
        wait_for(lambda: not slack.files and not pictures(slack))


@pytest.mark.parametrize(
    ("method", "error", "asked"),
    [
        ("files.getUploadURLExternal", "missing_scope", 1),
        ("files.getUploadURLExternal", "file_uploads_disabled", 1),
        ("files.completeUploadExternal", "internal_error", 2),
    ],
)
def test_a_card_is_whole_and_decided_where_no_file_is_taken(
    studio: Studio, slack: FakeSlack, method: str, error: str, asked: int
) -> None:
    slack.script(f"POST /api/{method}", refuse(200, {"ok": False, "error": error}), times=20)
    proposal = post(studio, channel="bluesky", voice=SCORE)
    with open_slack(studio, slack) as door:
        laid = card(slack, proposal)
        wait_for(lambda: slack.calls(f"POST /api/{method}"))
        settled(door)
        said = json.dumps(laid["blocks"], ensure_ascii=False)
        assert "72 `" in said and "\u25cf" in said and HABITS[0].text in said
        card(slack, post(studio, "Another draft.", "bluesky", SCORE))
        settled(door)
        wait_for(lambda: len(slack.calls(f"POST /api/{method}")) == asked)
        door.person("Mats").press(laid, "approve")
        wait_for(lambda: "approved this" in json.dumps(slack.messages[laid["channel"], laid["ts"]]))
        settled(door)
    assert pictures(slack) == []
    assert len(slack.calls(f"POST /api/{method}")) == asked


def test_what_was_refused_comes_after_the_next_start(studio: Studio, slack: FakeSlack) -> None:
    slack.script("POST /api/files.getUploadURLExternal", refuse(200, {"ok": False, "error": "missing_scope"}))
    proposal = post(studio, channel="bluesky", voice=SCORE)
    with open_slack(studio, slack) as door:
        card(slack, proposal)
        wait_for(lambda: slack.calls("POST /api/files.getUploadURLExternal"))
        settled(door)
    with open_slack(studio, slack):
        wait_for(lambda: pictures(slack))
    assert len(slack.files) == 1


def test_buttons_wait_for_no_picture(studio: Studio, slack: FakeSlack) -> None:
    slack.script("POST /api/files.*", slow(2.0), times=2)
    proposal = post(studio, channel="bluesky", voice=SCORE)
    with open_slack(studio, slack) as door:
        laid = card(slack, proposal)
        begun = time.perf_counter()
        door.person("Mats").press(laid, "approve")
        wait_for(lambda: "approved this" in json.dumps(slack.messages[laid["channel"], laid["ts"]]))
        assert time.perf_counter() - begun < 2.0 and pictures(slack) == []
        wait_for(lambda: pictures(slack), 12)


def test_a_file_that_slack_never_looks_over_leaves_nothing(
    studio: Studio, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.slack_door.charts.PAUSES", (0.0, 0.05))
    monkeypatch.setattr("tests.fakes.slack_fake.LOOKED_OVER_S", 60.0)
    proposal = post(studio, channel="bluesky", voice=SCORE)
    with open_slack(studio, slack) as door:
        card(slack, proposal)
        wait_for(lambda: slack.calls("POST /api/files.delete"))
        settled(door)
    assert slack.files == {} and pictures(slack) == []


def test_an_answer_that_was_lost_lays_no_second_one(
    studio: Studio, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fakes.slack_fake.LOOKED_OVER_S", 0.0)  # the first try is taken, and its answer lost
    proposal = post(studio, channel="bluesky", voice=SCORE)
    with open_slack(studio, slack) as door:
        laid = card(slack, proposal)
        wait_for(lambda: slack.files)
        slack.script("POST /api/chat.postMessage", lost_answer(503), times=1)
        wait_for(lambda: pictures(slack))
        settled(door)
        door.person("Mats").press(laid, "hold")
        wait_for(lambda: "on hold" in json.dumps(slack.messages[laid["channel"], laid["ts"]]))
        settled(door)
    with open_slack(studio, slack) as door:
        settled(door)
    assert len(pictures(slack)) == len(slack.files) == 1


def test_the_fake_takes_an_image_block_as_slack_does() -> None:
    known = {"F0FAKE000001": "voice.png", "F0FAKE000002": "rest.txt"}
    good = {"type": "image", "alt_text": "a", "slack_file": {"id": "F0FAKE000001"}}
    check_blocks([good, {"type": "image", "alt_text": "a" * 2000, "image_url": "https://a.b/c.png"}], files=known)
    wrong: list[dict[str, Any]] = [
        good | {"alt_text": ""}, good | {"alt_text": "a" * 2001}, {k: v for k, v in good.items() if k != "alt_text"},
        good | {"image_url": "https://a.b/c.png"}, {"type": "image", "alt_text": "a"},
        *(good | {"slack_file": {"id": each}} for each in ("F0FAKE000002", "F0FAKE000003", "F1", "U0FAKE000001")),
        good | {"slack_file": {"id": "F0FAKE000001", "url": "https://a.b"}}, good | {"slack_file": {}},
    ]  # fmt: skip
    for each in wrong:
        with pytest.raises(Refused) as refused:
            check_blocks([each], files=known)
        assert refused.value.answer.body["error"] == "invalid_blocks"


def test_the_words_of_a_picture_keep_to_slacks_limit(studio: Studio) -> None:
    long = tuple(each.model_copy(update={"text": "x" * 900}) for each in HABITS * 3)
    proposal = post(studio, channel="bluesky", voice=SCORE.model_copy(update={"reasons": long}))
    made = chart_of(proposal, CardTable(studio).cards([proposal])[0])
    assert made is not None and len(made.alt) <= 2000 and len(made.picture.reasons) == 4
