"""WordPress, against a real one: what was approved is what is stored, exactly once, and nobody sees it before."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core.drafts import Content
from core.errors import NotConnected
from core.ids import new_id
from core.publications import Publication
from publishing.connecting import WORDPRESS
from publishing.platforms.wordpress import WordPress
from tests.counterparts.wordpress import WordPressServer
from tests.publishing.credentials import GivenCredentials
from tests.publishing.making import INES, Clock
from tests.publishing.posting import ACCOUNT, Cut, Stage, cut

__all__ = ["cut"]

TEXT = """The harbour did **not** close
because of the [storm] 👩‍👩‍👧.

## Who owns the tide?

> Nobody, <b>said</b> "she" & wrote it down.

See https://harbour.example/walk?a=1&b=2, or:

```
[gallery]
https://harbour.example/embed
```

| a | b |
|---|:-:|
| 1 | 2 |"""


@pytest.fixture
def title() -> str:
    return f"What the <b>tide</b> & 'we' left 🌊 {new_id('t')}"


@pytest.fixture
def stage(tmp_path: Path, clock: Clock, wordpress: WordPressServer) -> Iterator[Stage]:
    credentials = GivenCredentials()
    credentials.connect(
        INES.id,
        "wordpress",
        ACCOUNT,
        settings={"site_url": wordpress.url, "user": wordpress.user},
        application_password=wordpress.application_password,
    )
    made = Stage(tmp_path / "home", clock, credentials, "wordpress", WordPress)
    yield made
    made.memory.close()


def stored(wordpress: WordPressServer, title: str) -> list[dict[str, Any]]:
    """What WordPress has under that title, in any state, newest first."""
    mark = title.rpartition(" ")[2]
    found = [*wordpress.posts(search=mark), *wordpress.posts(search=mark, status="trash")]
    return [post for post in found if mark in post["title"]["raw"]]


def media(wordpress: WordPressServer, row: Publication) -> list[dict[str, Any]]:
    marks = [f"greenroom-{row.key[-10:]}-{each['sha256'][:10]}" for each in row.request["payload"].get("media", ())]
    names = ",".join(name for mark in marks for name in (mark, f"{mark}-2", f"{mark}-3"))
    return wordpress.asked("GET", "media", params={"slug": names, "context": "edit"}) if marks else []


def piece(stage: Stage, title: str, pictures: int = 0, **fields: Any) -> Content:
    shown = tuple(stage.picture(f'Boat {n} at "low" tide [{n}]', colour=("teal", "navy")[n]) for n in range(pictures))
    written = {
        "text": TEXT,
        "summary": "Nobody owns it & nobody <i>will</i>.",
        "tags": ("Tide", "tide", "R&B", "Häfen"),
    }
    return Content(title=title, pictures=shown, **written | fields)


def edit(wordpress: WordPressServer, post: dict[str, Any], **fields: Any) -> None:
    wordpress.asked("POST", f"posts/{post['id']}", json=fields)


def test_what_was_approved_is_what_is_stored_and_shown(stage: Stage, wordpress: WordPressServer, title: str) -> None:
    row = stage.until_published(stage.queue(piece(stage, title, pictures=2)))
    [post] = stored(wordpress, title)
    payload = row.request["payload"]
    assert (row.state, row.remote_id, row.url) == ("published", str(post["id"]), post["link"])
    assert (post["status"], post["title"]["raw"], post["excerpt"]["raw"]) == (
        "publish",
        payload["title"],
        payload["excerpt"],
    )
    assert post["slug"] == row.key
    assert row.published_at == datetime.fromisoformat(post["date_gmt"]).replace(tzinfo=UTC)
    words = post["content"]["raw"]
    for picture in media(wordpress, row):
        source = f'class="wp-image-{picture["id"]}" src="{picture["source_url"]}"'
        sha256 = next(each["sha256"] for each in payload["media"] if each["alt"] == picture["alt_text"])
        words = words.replace(source, f'src="picture:{sha256}"')
        assert httpx2.get(picture["source_url"]).content == stage.memory.files.read(INES.id, sha256)
        assert picture["post"] == post["id"]
    assert words == payload["content"]
    page = httpx2.get(row.url).text
    assert "<p>The harbour did <strong>not</strong> close\nbecause of the &#091;storm&#093; 👩‍👩‍👧.</p>" in page
    assert "<code>&#091;gallery&#093;\n&#104;ttps://harbour.example/embed\n</code>" in page
    assert 'alt="Boat 0 at &quot;low&quot; tide &#091;0&#093;"' in page
    assert "<b>tide</b>" not in page


def test_tags_are_found_or_made_and_each_stands_once(stage: Stage, wordpress: WordPressServer, title: str) -> None:
    wordpress.asked("POST", "tags", json={"name": f"Kelp {title[-8:]}"})
    tags = (f"kelp {title[-8:]}", f"KELP {title[-8:]}", f"New {title[-8:]}")
    stage.until_published(stage.queue(piece(stage, title, tags=tags)))
    [post] = stored(wordpress, title)
    names = [wordpress.asked("GET", f"tags/{each}")["name"] for each in post["tags"]]
    assert sorted(names) == [f"Kelp {title[-8:]}", f"New {title[-8:]}"]


def test_nobody_sees_anything_before_it_is_sent(stage: Stage, wordpress: WordPressServer, title: str, cut: Cut) -> None:
    row = stage.queue(piece(stage, title, pictures=1))
    cut.at, cut.arrives = 99, False
    before = {each["id"] for each in public(wordpress, "media")}
    prepared(stage, row)
    [post] = stored(wordpress, title)
    assert (post["status"], post["content"]["raw"] != "") == ("draft", True)
    assert public(wordpress, f"posts/{post['id']}")["code"] == "rest_forbidden"
    assert {each["id"] for each in public(wordpress, "media")} == before


@pytest.mark.parametrize("arrives", [True, False])
def test_a_cut_at_any_request_makes_one_post_of_one_approval(
    stage: Stage, wordpress: WordPressServer, title: str, cut: Cut, arrives: bool
) -> None:
    cut.arrives = arrives
    whole = stage.until_published(stage.queue(piece(stage, f"{title}-0", pictures=1)))
    asked, states = cut.seen, set()
    for number in range(1, asked + 1):
        cut.at, cut.seen = number, 0
        row = stage.queue(piece(stage, f"{title}-{number}", pictures=1))
        states.add(stage.publish(row).state)
        stage.clock.pass_by(minutes=5)
        live = stage.until_published(row)
        posts = stored(wordpress, f"{title}-{number}")
        assert [post["status"] for post in posts] == ["publish"], number
        assert (live.state, live.remote_id) == ("published", str(posts[0]["id"]))
        assert len(media(wordpress, live)) == 1
    assert whole.state == "published"
    assert states == {"paused_quota", "unknown"}


def test_lost_handles_are_found_again(stage: Stage, wordpress: WordPressServer, title: str, cut: Cut) -> None:
    row = stage.queue(piece(stage, title, pictures=2))
    prepared(stage, row)
    live = stage.until_published(row)
    assert live.handles["post"] == stored(wordpress, title)[0]["id"]
    assert (len(stored(wordpress, title)), len(media(wordpress, live))) == (1, 2)


def test_a_restored_backup_publishes_nothing_twice(
    stage: Stage, wordpress: WordPressServer, title: str, tmp_path: Path
) -> None:
    row = stage.queue(piece(stage, title, pictures=1))
    other = stage.queue(piece(stage, f"{title} two"))
    stage.memory.close()
    shutil.copytree(stage.home, tmp_path / "backup")
    first = stage.elsewhere(stage.home)
    live = first.until_published(row)
    first.memory.close()
    stage.clock.pass_by(hours=1)
    restored = stage.elsewhere(tmp_path / "backup")
    restored.memory.quarantines.begin(restored_from="backup", backup_made_at=row.created_at)
    found = restored.until_published(row)
    assert (found.state, found.remote_id, found.url) == ("published", live.remote_id, live.url)
    assert restored.until_published(other).state == "published"
    restored.memory.close()
    assert [post["status"] for post in stored(wordpress, title)] == ["publish", "publish"]


def test_two_workers_that_make_a_draft_at_once_publish_one(
    stage: Stage, wordpress: WordPressServer, title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from publishing.wordpress import draft

    row = stage.queue(piece(stage, title))
    real = draft.made

    def while_another_did(rest: Any, slug: str, name: str) -> Any:
        rest.add("posts", status="draft", slug=slug, title=name)
        return real(rest, slug, name)

    monkeypatch.setattr(draft, "made", while_another_did)
    live = stage.until_published(row)
    assert [(post["status"], post["slug"]) for post in stored(wordpress, title)] == [("publish", live.key)]


def test_a_draft_that_somebody_edited_is_not_published(
    stage: Stage, wordpress: WordPressServer, title: str, cut: Cut
) -> None:
    row = stage.queue(piece(stage, title))
    prepared(stage, row)
    [post] = stored(wordpress, title)
    edit(wordpress, post, content=post["content"]["raw"].replace("not", "surely"))
    stopped = stage.publish(row)
    assert stopped.state == "needs_human"
    assert "Somebody changed the content of draft" in stopped.reason
    assert stored(wordpress, title)[0]["status"] == "draft"
    edit(wordpress, post, content=post["content"]["raw"])
    stage.desk.retry(row.id)
    assert stage.until_published(row).state == "published"


def test_an_edit_between_the_last_look_and_the_send_does_not_go_out(
    stage: Stage, wordpress: WordPressServer, title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from publishing.wordpress.rest import Rest

    row = stage.queue(piece(stage, title))
    real = Rest.publish

    def while_somebody_edits(self: Rest, post: int, fields: Any) -> Any:
        edit(wordpress, {"id": post}, title="Something else", content="<p>Something else</p>")
        return real(self, post, fields)

    monkeypatch.setattr(Rest, "publish", while_somebody_edits)
    live = stage.until_published(row)
    [post] = stored(wordpress, title)
    assert (live.state, post["content"]["raw"]) == ("published", live.request["payload"]["content"])


@pytest.mark.parametrize(("status", "words"), [("pending", "review"), ("private", "private"), ("trash", "trash")])
def test_what_somebody_made_of_the_draft_is_left_alone_and_said(
    stage: Stage, wordpress: WordPressServer, title: str, cut: Cut, status: str, words: str
) -> None:
    row = stage.queue(piece(stage, title))
    prepared(stage, row)
    [post] = stored(wordpress, title)
    if status == "trash":
        wordpress.asked("DELETE", f"posts/{post['id']}")
    else:
        edit(wordpress, post, status=status)
    stopped = stage.publish(row)
    assert (stopped.state, words in stopped.reason) == ("rejected", True)
    assert [each["status"] for each in stored(wordpress, title)] == [status]


def test_a_post_that_somebody_scheduled_is_not_live_until_wordpress_says_so(
    stage: Stage, wordpress: WordPressServer, title: str, cut: Cut
) -> None:
    row = stage.queue(piece(stage, title))
    unknown = unanswered(stage, row, cut, arrives=False)
    [post] = stored(wordpress, title)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S")
    edit(wordpress, post, status="future", date_gmt=tomorrow)
    stage.clock.pass_by(minutes=5)
    waiting = stage.publish(row)
    assert (unknown.state, waiting.state) == ("unknown", "unknown")
    assert f"scheduled in WordPress for {tomorrow}Z" in waiting.reason
    soon = (datetime.now(UTC) + timedelta(seconds=30)).strftime("%Y-%m-%dT%H:%M:%S")
    edit(wordpress, post, status="future", date_gmt=soon)  # less than a minute ahead: WordPress publishes it at once
    stage.clock.pass_by(minutes=2)  # what could not be told is asked again after a minute
    live = stage.publish(row)
    assert (live.state, live.remote_id) == ("published", str(post["id"]))


def test_a_date_that_somebody_gave_the_draft_is_no_surprise(
    stage: Stage, wordpress: WordPressServer, title: str, cut: Cut
) -> None:
    row = stage.queue(piece(stage, title))
    prepared(stage, row)
    [post] = stored(wordpress, title)
    later = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S")
    edit(wordpress, post, date_gmt=later)
    assert stage.publish(row).state == "unknown"
    assert stored(wordpress, title)[0]["status"] == "future"
    stage.clock.pass_by(minutes=5)
    assert "scheduled in WordPress" in stage.publish(row).reason


def test_a_live_post_that_somebody_edits_is_found_and_told_apart(
    stage: Stage, wordpress: WordPressServer, title: str, cut: Cut
) -> None:
    row = stage.queue(piece(stage, title))
    unanswered(stage, row, cut, arrives=True)
    [post] = stored(wordpress, title)
    edit(wordpress, post, title="Another title " + title.rpartition(" ")[2])
    stage.clock.pass_by(hours=2)
    asked = stage.publish(row)
    assert asked.state == "needs_human"
    assert f"It is live at {post['link']}, and somebody changed the title" in asked.reason
    assert len(stored(wordpress, title)) == 1


def test_a_deleted_post_goes_to_the_trash(stage: Stage, wordpress: WordPressServer, title: str) -> None:
    row = stage.until_published(stage.queue(piece(stage, title)))
    stage.platform.delete(row)
    assert [post["status"] for post in stored(wordpress, title)] == ["trash"]
    assert httpx2.get(row.url).status_code == 404
    stage.platform.delete(row)  # it lies there already
    assert stage.desk.delete(row.id).state == "deleted"


def test_a_draft_that_is_deleted_for_good_is_not_made_anew_by_a_resend(
    stage: Stage, wordpress: WordPressServer, title: str, cut: Cut
) -> None:
    row = stage.queue(piece(stage, title))
    unanswered(stage, row, cut, arrives=True)
    [post] = stored(wordpress, title)
    wordpress.asked("DELETE", f"posts/{post['id']}", params={"force": "true"})
    stage.clock.pass_by(hours=2)
    asked = stage.publish(row)
    assert (asked.state, "deleted it for good" in asked.reason) == ("needs_human", True)
    assert stored(wordpress, title) == []


def test_a_wrong_password_pauses_and_loses_nothing(stage: Stage, wordpress: WordPressServer, title: str) -> None:
    good = stage.credentials.get(INES.id, "wordpress", ACCOUNT)
    settings = stage.credentials.settings(INES.id, "wordpress", ACCOUNT)
    stage.credentials.connect(INES.id, "wordpress", ACCOUNT, settings=settings, application_password="wrong wrong")
    row = stage.queue(piece(stage, title))
    paused = stage.publish(row)
    assert (paused.state, stored(wordpress, title)) == ("paused_auth", [])
    with pytest.raises(NotConnected):
        stage.platform.test(INES.id, ACCOUNT)
    stage.credentials.keep(INES.id, "wordpress", ACCOUNT, good)
    assert stage.until_published(row).state == "published"


def test_who_may_not_publish_is_told_before_anything_is_queued(
    stage: Stage, wordpress: WordPressServer, title: str
) -> None:
    helper = wordpress.new_user(f"helper{new_id('u')[-6:]}".lower(), "contributor")
    as_user(stage, wordpress, helper.name, helper.application_password)
    with pytest.raises(NotConnected, match="may not publish posts"):
        stage.platform.test(INES.id, ACCOUNT)
    row = stage.queue(piece(stage, title))
    assert stage.publish(row).state == "paused_auth"
    assert [post["status"] for post in stored(wordpress, title)] == ["draft"]


def test_an_author_whose_html_wordpress_filters_stores_the_same_bytes(
    stage: Stage, wordpress: WordPressServer, title: str
) -> None:
    author = wordpress.new_user(f"author{new_id('u')[-6:]}".lower(), "author")
    as_user(stage, wordpress, author.name, author.application_password)
    assert any("filters" in note for note in stage.platform.test(INES.id, ACCOUNT).notes)
    row = stage.until_published(stage.queue(piece(stage, title, pictures=1)))
    assert row.state == "published", row.reason
    assert stored(wordpress, title)[0]["excerpt"]["raw"] == row.request["payload"]["excerpt"]


def test_what_wordpress_would_change_is_not_published(
    stage: Stage, wordpress: WordPressServer, title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = wordpress.new_user(f"author{new_id('u')[-6:]}".lower(), "author")
    as_user(stage, wordpress, author.name, author.application_password)
    monkeypatch.setattr("publishing.wire.wordpress.to_html", lambda _: "<p onclick='x()'>The tide.</p>")
    row = stage.queue(piece(stage, title))
    stopped = stage.publish(row)
    assert stopped.state == "needs_human"
    assert "stores the content otherwise than approved" in stopped.reason
    assert stored(wordpress, title) == []


def test_a_test_says_which_site_it_is_and_sends_nothing(stage: Stage, wordpress: WordPressServer) -> None:
    before = len(wordpress.posts())
    seen = stage.platform.test(INES.id, ACCOUNT)
    assert (seen.account, seen.facts["api"], seen.facts["user"]) == ("The harbour", f"{wordpress.url}/wp-json/", "ines")
    assert (seen.notes, len(wordpress.posts())) == ((), before)


def test_what_is_asked_for_is_what_is_needed(stage: Stage) -> None:
    place = (INES.id, "wordpress", ACCOUNT)
    assert {field.name for field in WORDPRESS.plain} == set(stage.credentials.connections[place])
    assert {field.name for field in WORDPRESS.secrets} == set(stage.credentials.secrets[place].values)


def test_a_site_without_pretty_addresses(stage: Stage, wordpress: WordPressServer, title: str) -> None:
    place = (INES.id, "wordpress", ACCOUNT)
    stage.credentials.known[place] = {"api": f"{wordpress.url}/index.php?rest_route=/"}
    assert stage.until_published(stage.queue(piece(stage, title, pictures=1))).state == "published"
    assert len(stored(wordpress, title)) == 1


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://blog.example.org", "no encryption"),
        ("ftp://blog.example.org", "no usable address"),
        ("https://me:secret@blog.example.org", "no usable address"),
        ("", "no usable address"),
    ],
)
def test_a_password_goes_nowhere_without_encryption(stage: Stage, title: str, address: str, words: str) -> None:
    stage.credentials.connections[INES.id, "wordpress", ACCOUNT]["site_url"] = address
    with pytest.raises(NotConnected, match=words) as refused:
        stage.platform.test(INES.id, ACCOUNT)
    assert "secret" not in refused.value.message
    assert stage.publish(stage.queue(piece(stage, title))).state == "paused_auth"


def as_user(stage: Stage, wordpress: WordPressServer, name: str, password: str) -> None:
    settings = {"site_url": wordpress.url, "user": name}
    stage.credentials.connect(INES.id, "wordpress", ACCOUNT, settings=settings, application_password=password)


def public(wordpress: WordPressServer, path: str) -> Any:
    """What anybody may read."""
    return httpx2.get(f"{wordpress.url}/wp-json/wp/v2/{path}", params={"per_page": 100}).json()


def prepared(stage: Stage, row: Publication) -> None:
    """Let a worker prepare everything and die before it is armed, its handles never saved."""
    from publishing.approval import check

    stage.platform.prepare(check(stage.memory, row, stage.clock()), lambda handles: None)


def unanswered(stage: Stage, row: Publication, cut: Cut, *, arrives: bool) -> Publication:
    """Let a worker send without ever hearing back: a post without pictures and with three tags asks nine times."""
    cut.at, cut.seen, cut.arrives = 9, 0, arrives
    return stage.publish(row)
