"""The audit finds what is missing, and a suggestion changes nothing before a person says so."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.errors import AlreadyDecided, NotFound
from core.gaps import Entry, missing_alt, origin
from core.languages import detect
from core.mending import Proposed, Vocabulary, date_from, language_from, tags_from, title_from
from core.works import Piece, Workspace
from memory import Memory
from memory.audit import _entries
from tests.memory.conftest import NOON, Clock
from tests.memory.making import waiting

LONG = (
    "The harbour office printed the tide tables until 1987. After that nobody was sure whose job it was, and the tin "
    "that they were kept in has a picture of a church on it."
)


OTHER = LONG.replace("1987", "1988").replace("church", "boat")
ES = "Nadie es dueño de la marea, y por eso todos la escriben. La caja tiene una iglesia en la tapa y no cierra bien."
DE = (
    "Niemand besitzt die Flut, und darum schreibt sie jeder auf. Die Dose hat eine Kirche auf dem Deckel, der nicht "
    "schließt, und das ist auch gut so."
)


def _whole(source: str, **changes: Any) -> Piece:
    """A piece that lacks nothing but what is said."""
    day = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=len(source))
    fields: dict[str, Any] = {
        "source": source,
        "title": f"On {source}",
        "body": f"All of {source}.",
        "tags": ("tides",),
    }
    known = {"language": "en", "license": "CC BY 4.0", "published_at": day, "format": "markdown"}
    return Piece(**fields | known | changes)


def remember(memory: Memory) -> dict[str, str]:
    """Put works with gaps of every kind into a memory, and return their ids by source."""
    stamp = datetime(2024, 5, 1, 10, 0, 1, tzinfo=UTC)
    pieces = [
        _whole("whole.md", body=LONG),
        _whole("twin.md", body=LONG + " And more."),
        Piece(source="2024-03-01-bare.md", title="Untitled 3", body=f"# A tin\n\n{OTHER}", format="markdown"),
        _whole("future.md", published_at=datetime(2099, 1, 1, tzinfo=UTC)),
        _whole("zero.md", published_at=datetime(1970, 1, 1, tzinfo=UTC)),
        _whole("noted.md", published_at=None, extra={"notes": ["date left out: “3/4/21” is not a full date"]}),
        _whole("pictured.md", body="![](a.png) and ![A tin](b.png)"),
        _whole("x:1", title="", format="x", extra={"pictures": 2, "alt texts": ["one"]}),
        _whole("youtube:1", format="youtube"),
        *(_whole(f"moved/{n}.md", published_at=stamp) for n in range(5)),
    ]
    memory.works.remember("ines", pieces)
    return {work.source: work.id for work in memory.works.list("ines")}


def test_finds_every_kind_of_gap_and_says_what_to_mend_first(memory: Memory) -> None:
    ids = remember(memory)
    used = memory.files.add("ines", b"used", mime="image/png")
    lost = memory.files.add("ines", b"lost", mime="image/png", alt="A church")
    made = memory.files.add("ines", b"made", mime="image/jpeg", alt="A tin", made_from=used.sha256)
    memory.files.path("ines", lost.sha256).unlink()
    never = "0" * 64
    media = [{"sha256": made.sha256, "alt": "A tin"}, {"sha256": never, "alt": ""}]
    waiting(memory, "Shown.", payload={"channel": "site", "text": "Shown.", "media": media})
    audit = memory.audits.survey("ines")
    found = {each.gap: each for each in audit.mend_first}
    assert {gap: each.count for gap, each in found.items()} == {
        "broken_date": 8, "file_gone": 2, "alt": 2, "rights": 1, "date": 1, "file_alt": 1, "transcript": 1, "tags": 1,
        "title": 1, "duplicate": 2, "language": 1, "file_orphaned": 1,
    }  # fmt: skip
    assert [each.gap for each in audit.mend_first[:2]] == ["broken_date", "file_gone"]
    assert found["title"].examples == found["date"].examples == (ids["2024-03-01-bare.md"],)
    assert (audit.works, audit.rights) == (14, {"clear": 13, "unclear": 1, "revoked": 0})
    assert (audit.media.orphaned, audit.media.gone) == ((lost.sha256,), tuple(sorted((lost.sha256, never))))
    assert audit.media.without_alt == (used.sha256,)
    assert [group.name for group in audit.by_source] == ["single files", "moved/", "x", "youtube"]
    assert {(each.field, each.have, each.of) for each in audit.completeness} >= {
        ("title", 13, 14), ("transcript (what was spoken)", 0, 1), ("alt text (works with pictures)", 0, 2),
        ("alt text (picture files)", 2, 3),
    }  # fmt: skip
    assert audit.worst[0].id == ids["2024-03-01-bare.md"]
    assert {"rights", "date", "title", "tags", "language", "duplicate"} == set(audit.worst[0].gaps)
    assert (audit.duplicates[0].title, audit.duplicates[0].of_title) == ("On twin.md", "On whole.md")
    said = {each.title: each.why for each in audit.broken_dates}
    assert (
        said["On future.md"] == "it lies in the future"
        and "zero" in said["On zero.md"]
        and "3/4/21" in said["On noted.md"]
    )
    assert "5 works have this very second" in said["On moved/1.md"]


def test_consent_says_what_a_licence_does_not_and_workspaces_are_apart(memory: Memory) -> None:
    ids = remember(memory)
    memory.consents.say("ines", f"work:{ids['2024-03-01-bare.md']}", granted=False, by="Ines")
    assert memory.audits.survey("ines").rights == {"clear": 14, "unclear": 0, "revoked": 1}
    memory.workspaces.add(Workspace(id="other", name="Other", created_at=NOON))
    empty = memory.audits.survey("other")
    assert (empty.works, empty.mend_first, empty.media.files) == (0, (), 0)


def test_accepting_makes_a_version_and_the_next_import_leaves_it(memory: Memory, clock: Clock) -> None:
    work_id = remember(memory)["2024-03-01-bare.md"]
    asked = [
        (work_id, Proposed(field="title", value="A tin", reason="its first heading")),
        (work_id, Proposed(field="published_at", value="2024-03-01T00:00:00Z", reason="in the file's name")),
        (work_id, Proposed(field="tags", value=["tides"], reason="named")),
        (work_id, Proposed(field="language", value="en", reason="its words")),
    ]
    assert (memory.suggestions.propose("ines", asked), memory.suggestions.propose("ines", asked)) == (4, 0)
    assert memory.works.get("ines", work_id).version == 1
    said = {each.field: each for each in memory.suggestions.list("ines")}
    title, date, tags, language = (said[name] for name in ("title", "published_at", "tags", "language"))
    done = memory.suggestions.accept("ines", [title.id, date.id, language.id], by="Ines")
    assert [(each.state, each.version, each.before) for each in done] == [
        ("accepted", 2, "Untitled 3"), ("accepted", 2, None), ("accepted", 2, None),
    ]  # fmt: skip
    mended = memory.works.get("ines", work_id)
    assert (mended.title, mended.language, mended.published_at, mended.version) == (
        "A tin",
        "en",
        datetime(2024, 3, 1, tzinfo=UTC),
        2,
    )
    assert [each.title for each in memory.works.versions("ines", work_id)] == ["Untitled 3", "A tin"]
    assert memory.recall("ines", "tin")
    again = [Piece(source="2024-03-01-bare.md", title="Untitled 3", body=mended.body, format="markdown")]
    assert memory.works.remember("ines", again).unchanged == 1
    changed = [again[0].model_copy(update={"body": "Another text."})]
    assert memory.works.remember("ines", changed).updated == 1
    kept = memory.works.get("ines", work_id)
    assert (kept.title, kept.body, kept.language) == ("A tin", "Another text.", "en")
    assert memory.works.remember("ines", [changed[0].model_copy(update={"title": "Its own title"})]).updated == 1
    assert memory.works.get("ines", work_id).title == "Its own title"
    with pytest.raises(AlreadyDecided, match="changed again since"):
        memory.suggestions.undo("ines", [title.id], by="Ines")
    memory.suggestions.undo("ines", [date.id], by="Ines")
    last = memory.works.get("ines", work_id)
    assert (last.published_at, last.language, last.version) == (None, "en", 5)
    memory.suggestions.reject("ines", [tags.id], by="Ines")
    with pytest.raises(AlreadyDecided):
        memory.suggestions.accept("ines", [tags.id], by="Ines")
    with pytest.raises(NotFound):
        memory.suggestions.accept("ines", ["sg_none", date.id], by="Ines")
    assert (memory.suggestions.propose("ines", asked), memory.suggestions.list("ines")) == (0, [])
    memory.suggestions.undo("ines", [tags.id], by="Ines")
    assert [each.id for each in memory.suggestions.list("ines")] == [tags.id]


def test_alt_text_of_a_picture_is_accepted_and_taken_back(memory: Memory) -> None:
    picture = memory.files.add("ines", b"picture", mime="image/png")
    memory.suggestions.propose("ines", [(picture.sha256, Proposed(field="alt", value="A tin", reason="written"))])
    [said] = memory.suggestions.list("ines")
    memory.suggestions.accept("ines", [said.id], by="Ines")
    assert memory.files.get("ines", picture.sha256).alt == "A tin"
    memory.suggestions.undo("ines", [said.id], by="Ines")
    assert memory.files.get("ines", picture.sha256).alt == ""


def test_a_newer_proposal_of_a_field_takes_the_older_ones_place(memory: Memory) -> None:
    work_id = remember(memory)["whole.md"]
    for title in ("One", "Two"):
        memory.suggestions.propose("ines", [(work_id, Proposed(field="title", value=title, reason="x"))])
    assert [each.value for each in memory.suggestions.list("ines")] == ["Two"]


def test_nothing_is_guessed() -> None:
    assert title_from("Some text.\n\n## *The* [tin](x)\n\nMore.", instead_of="Untitled 3").value == "The tin"
    assert title_from("```\n# a comment\n```\nNo heading.", instead_of="") is None
    assert title_from("# Bare\n\nText", instead_of="Bare") is None
    for source, day in (
        ("letters/2024-03-01-tin.md", "2024-03-01"), ("blog/2019/7/4/index.html", "2019-07-04"),
        ("20240229.txt", "2024-02-29"),
        ("2023-02-29.md", None), ("2024-03-01_to_2024-03-08.md", None), ("2199-01-01.md", None), ("v1.2024.md", None),
        ("123420240301.md", None), ("2024-03.md", None),
    ):  # fmt: skip
        found = date_from(source, None, NOON)
        assert (found.value[:10] if found else None) == day, source
    assert date_from("tin.md", "https://x.example/2024/03/01/tin", NOON).reason.endswith("/2024/03/01/tin")
    tags = Vocabulary([("tide tables", "tin"), ("tide tables", "tin"), ("once",), ("of",), ("of",)])
    assert tags.named_in("The TIDE tables, the tin, the tins and the tide tables once of") == ["tide tables", "tin"]
    assert tags_from([], {"bread": 2}) is None
    assert tags_from(["tin"], {"bread": 3, "tin": 5}).value == ["tin", "bread"]


def test_a_language_is_told_or_not() -> None:
    texts = {
        "en": LONG,
        "es": ES,
        "de": DE,
        "ja": "潮の満ち引きは誰のものでもない。だから皆が書き留める。",
        "ru": "Никто не владеет приливом, и поэтому все его записывают.",
        "uk": "Ніхто не володіє припливом, і тому всі його записують.",
    }
    assert {language: detect(text) for language, text in texts.items()} == {language: language for language in texts}
    assert detect("w " * 50) is detect("Too short.") is detect("") is detect("lorem ipsum dolor sit amet " * 9) is None
    assert language_from(texts["es"]).value == "es"


def test_pictures_and_places() -> None:
    def entry(**more: object) -> Entry:
        fields = dict.fromkeys(Entry._fields) | {"title": "", "extra": {}, "pictured": "", "source": ""}
        return Entry(**fields | more)

    assert missing_alt(entry(pictured='<img src="a.png"> <img alt="A tin" src="b.png"> <img alt="" src="c.png">')) == 2
    assert missing_alt(entry(extra={"alt texts": ["one"], "pictures": 1})) == 0
    places = {"a.md": "single files", "blog/a.md": "blog/", "x:1": "x", "https://m.example/@i/1": "m.example"}
    assert {source: origin(source) for source in places} == places


def test_the_survey_reads_no_text_that_shows_no_picture(memory: Memory) -> None:
    remember(memory)
    with memory._database.read() as conn:
        assert sum(bool(each.pictured) for each in _entries(conn, "ines")) == 1
