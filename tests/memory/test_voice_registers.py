import pytest

from core.works import Work
from memory.voice.background import load
from memory.voice.portrait import portray
from memory.voice.registers import asked_for, register_of
from memory.voice.score import score
from memory.voice.speakers import own_words
from tests.memory.voices import work, write

TALK = "\n\n".join(
    [
        "**Ines Duarte:** Welcome back to the show.",
        "**Ben [00:12]:** Thank you, utterly delighted.",
        "So am I, I should add.",
        "**Ines Duarte:** Then we start.",
        "Remember: we record this.",
        "**Ben:** Splendid.",
        "**Ines Duarte:** Good.",
        "**Ben:** Indeed.",
    ]
)


def _mixed() -> list[Work]:
    posts = [work(n, write("brisk", 170, seed=n), format="mastodon") for n in range(12)]
    letters = [work(100 + n, write("stately", 200, seed=n), format="substack") for n in range(12)]
    return [*posts, *letters]


@pytest.mark.parametrize(
    ("changes", "register"),
    [
        ({"format": "mastodon"}, "posts"),
        ({"format": "email"}, "newsletters"),
        ({"format": "wordpress"}, "articles"),
        ({"format": "feed", "extra": {"speakers": ["Ines"]}}, "talks"),
        ({"format": "markdown", "words": 40}, "posts"),
        ({"format": "markdown", "words": 900}, "articles"),
        ({"format": "markdown", "words": 900, "extra": {"channel": "LinkedIn"}}, "posts"),
    ],
)
def test_a_work_is_in_the_register_of_where_it_came_from(changes: dict[str, object], register: str) -> None:
    assert register_of(work(1, "Some words.", **changes)) == register


def test_a_channel_asks_for_its_register() -> None:
    assert (asked_for("bluesky"), asked_for("newsletter"), asked_for("webhook"), asked_for(None)) == (
        "posts",
        "newsletters",
        None,
        None,
    )


def test_a_newsletter_is_not_a_post() -> None:
    voiceprint = portray(_mixed(), load())
    assert set(voiceprint.registers) == set(voiceprint.ears) == {"en", "en/newsletters", "en/posts"}
    letter, post = write("stately", 150, seed=77), write("brisk", 150, seed=77)
    for text, channel, verdict in (
        (letter, "newsletter", "in_voice"),
        (letter, "mastodon", "off_voice"),
        (post, "mastodon", "in_voice"),
        (post, "newsletter", "off_voice"),
    ):
        scored = score(voiceprint, load(), text, channel=channel)
        assert (scored.verdict, scored.works) == (verdict, 12)
        assert scored.among == {"newsletter": "newsletters", "mastodon": "posts"}[channel]


def test_a_register_with_few_works_falls_back_to_all_of_them() -> None:
    few = [work(200 + n, write("plain", 200, seed=n), format="medium") for n in range(9)]
    scored = score(portray([*_mixed(), *few], load()), load(), write("plain", 100, seed=5), channel="site")
    assert (scored.works, scored.among) == (33, None)


def test_the_profile_shows_each_register_and_follows_a_channel() -> None:
    profile = portray(_mixed(), load()).profile
    assert {name: each.works for name, each in profile.registers.items()} == {"newsletters": 12, "posts": 12}
    assert profile.on("mastodon").summary == profile.registers["posts"].summary != profile.summary
    assert profile.on("site") == profile.on(None) == profile


def test_one_kind_of_works_is_no_register_of_its_own() -> None:
    assert portray(_mixed()[:12], load()).profile.registers == {}


def test_of_a_transcript_only_the_creators_words_are_read() -> None:
    said = own_words(work(1, TALK), ["Ines Duarte"])
    assert said is not None
    lines = [line for line in said.split("\n") if line]
    assert lines == ["Welcome back to the show.", "Then we start.", "Remember: we record this.", "Good."]
    guest = own_words(work(1, TALK, authors=("Ben Okafor",)), ["Somebody else"])
    assert guest is not None and "utterly delighted" in guest and "So am I" in guest and "Welcome" not in guest


def test_a_transcript_of_strangers_is_not_measured() -> None:
    assert own_words(work(1, TALK), ["Somebody else"]) is None
    pieces = [work(n, write("brisk", 200, seed=n)) for n in range(12)]
    talk = TALK + "\n\n**Ben:** " + write("stately", 900, seed=1)
    voiceprint = portray([*pieces, work(50, talk)], load(), ["Ines"])
    assert portray([*pieces, work(50, talk)], load(), ["Nobody"]).profile.not_measured == 1
    assert voiceprint.profile.not_measured == 0
    assert voiceprint.registers["en"].counts == portray(pieces, load()).registers["en"].counts


def test_what_one_person_says_or_notes_is_theirs() -> None:
    alone = "\n\n".join(f"**Ines Duarte:** {line}" for line in ("One.", "Two.", "Three."))
    assert own_words(work(1, alone), ["pete"]) == alone
    notes = "\n\n".join(["A plain paragraph."] * 9 + ["Note: one.", "Note: two.", "Tip: three."])
    assert own_words(work(1, notes), ["pete"]) == notes


def test_speakers_that_an_importer_named_need_not_recur() -> None:
    talk = "**Ines:** Welcome.\n\n**Guest One:** Utterly delighted."
    assert own_words(work(1, talk, extra={"speakers": ["Ines", "Guest One"]}), ["Ines"]) == "Welcome.\n"
