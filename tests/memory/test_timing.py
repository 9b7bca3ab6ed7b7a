"""What a channel's past says of times, and which times are taken."""

from datetime import datetime, timedelta

from core.outcomes import Measured
from core.works import Piece, Workspace
from memory import Memory
from tests.memory.conftest import NOON, Clock
from tests.memory.making import publication, waiting

MAY = NOON - timedelta(days=200, hours=3)


def past(memory: Memory, name: str, at: datetime, *, format_: str = "bluesky", url: str | None = None) -> str:
    """A past post, and its id."""
    piece = Piece(source=name, body=f"A post, {name}.", format=format_, published_at=at, url=url)
    memory.works.remember("ines", [piece])
    found = memory.works.by_source("ines", name)
    assert found is not None
    return found.id


def measured(memory: Memory, work: str, value: float, at: datetime, metric: str = "likes") -> None:
    figure = Measured(work_id=work, metric=metric, value=value, measured_at=at)
    memory.outcomes.take("ines", [figure], by="Ines")


def test_of_each_post_the_figure_nearest_a_week_counts_and_young_ones_do_not(memory: Memory) -> None:
    first, second, young = (past(memory, name, MAY + timedelta(days=n)) for n, name in enumerate("abc"))
    for work, start in ((first, MAY), (second, MAY + timedelta(days=1))):
        for days, value in ((1, 5.0), (3, 10.0), (8, 20.0), (90, 40.0)):
            measured(memory, work, value, start + timedelta(days=days))
    measured(memory, young, 900.0, MAY + timedelta(days=3))
    metric, posts = memory.timing.posted("ines", "bluesky")
    assert metric == "likes"
    assert sorted((each.at, each.value) for each in posts) == [(MAY, 20.0), (MAY + timedelta(days=1), 20.0)]


def test_the_metric_is_the_one_that_most_posts_have(memory: Memory) -> None:
    works = [past(memory, name, MAY + timedelta(days=n)) for n, name in enumerate("abc")]
    for work in works:
        measured(memory, work, 3.0, NOON, "replies")
    measured(memory, works[0], 100.0, NOON, "views")
    assert memory.timing.posted("ines", "bluesky")[0] == "replies"
    for work in works:
        measured(memory, work, 100.0, NOON, "views")
    assert memory.timing.posted("ines", "bluesky")[0] == "views"


def test_a_bare_date_a_revoked_work_another_channel_and_another_workspace_say_nothing(memory: Memory) -> None:
    midnight = datetime(MAY.year, MAY.month, MAY.day, tzinfo=MAY.tzinfo)
    dated = past(memory, "dated", midnight)
    letter = past(memory, "letter", MAY, format_="email")
    revoked = past(memory, "revoked", MAY)
    for work in (dated, letter, revoked):
        measured(memory, work, 10.0, NOON)
    memory.consents.say("ines", f"work:{revoked}", granted=False, by="Ines")
    assert memory.timing.posted("ines", "bluesky") == ("", ())
    assert len(memory.timing.posted("ines", "newsletter")[1]) == 1
    memory.workspaces.add(Workspace(id="tom", name="Tom", created_at=NOON))
    assert memory.timing.posted("tom", "newsletter") == ("", ())


def live(memory: Memory, text: str, url: str) -> str:
    """A post that went out now, and its publication's id."""
    shown = waiting(memory, text)
    decision = memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    memory.publications.enqueue(publication(shown, decision))
    [taken] = memory.publications.claim_due("w1", NOON, timedelta(minutes=5), 1)
    step = memory.publications.step
    step(taken.id, epoch=taken.epoch, to="armed", request={"path": "a"}, key="k")
    step(taken.id, epoch=taken.epoch, to="published", remote_id="r", url=url, published_at=NOON)
    return taken.id


def test_what_went_out_here_and_came_back_by_an_import_is_one_post(memory: Memory, clock: Clock) -> None:
    sent = live(memory, "Hello.", "https://ines.example/hello/")
    back = past(memory, "back", NOON, format_="feed", url="https://ines.example/hello")
    clock.pass_by(days=9)
    memory.outcomes.take(
        "ines",
        [
            Measured(publication_id=sent, metric="views", value=7.0, measured_at=clock()),
            Measured(work_id=back, metric="views", value=7.0, measured_at=clock()),
        ],
        by="Ines",
    )
    assert [each.value for each in memory.timing.posted("ines", "site")[1]] == [7.0]


def test_what_is_planned_proposed_or_out_takes_its_time(memory: Memory) -> None:
    live(memory, "Out.", "https://ines.example/out")
    timed = waiting(memory, "Timed.", at=NOON + timedelta(hours=2), grace_minutes=60)
    proposed = waiting(memory, "Proposed.", suggested_at=NOON + timedelta(hours=3))
    rejected = waiting(memory, "No.", at=NOON + timedelta(hours=4), grace_minutes=60)
    memory.decisions.claim("ines", rejected.id, "reject", rejected.sha, "Ines")
    elsewhere = waiting(memory, "X.", channel="x", account="@ines", payload={"channel": "x", "text": "X."},
                        suggested_at=NOON + timedelta(hours=1))  # fmt: skip
    since = NOON - timedelta(hours=1)
    found = memory.timing.taken("ines", channel="site", account="ines.example", since=since)
    assert [(each.at - NOON, each.what.partition(", ")[2]) for each in found] == [
        (timedelta(0), "live"),
        (timedelta(hours=2), "waiting"),
        (timedelta(hours=3), "waiting"),
    ]
    assert [each.proposal for each in found[1:]] == [timed.id, proposed.id]
    assert elsewhere.id in {each.proposal for each in memory.timing.taken("ines", since=since)}
    assert memory.timing.taken("ines", channel="site", account="other", since=since) == ()
    assert memory.timing.taken("tom", since=since) == ()
