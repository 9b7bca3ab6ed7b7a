"""From a wish to a frozen Brief, and through the brief graph to proposals that wait."""

import re
import time
from collections.abc import Callable, Sequence
from contextvars import Context as Vars
from datetime import datetime
from typing import Any, Literal

from agent.crew import Crew
from agent.graph import build_brief
from agent.threads import ReviewThreads
from app.results import BriefResult
from app.sources import NOTHING, Given
from core.briefs import Brief
from core.campaigns import CampaignPart
from core.channels import channel
from core.drafts import Attached, Dimension
from core.errors import BadInput, WrongUse
from core.ids import new_id
from core.locales import checked
from core.policy import policy_of
from core.works import Workspace

DEFAULT_CHANNELS = ("bluesky", "mastodon", "linkedin", "x", "newsletter", "site")
STEPS = {
    "understand": "Reading the brief",
    "recall": "Looking through your past work",
    "plan": "Finding angles",
    "draft": "Writing a draft",
    "check": "Checking the drafts",
    "revise": "Mending what the checks found",
    "localize": "Translating",
    "tag": "Tagging",
    "schedule": "Proposing times",
    "freeze": "Freezing exactly what will be sent",
    "freeze_angles": "Putting the angles before you",
    "vary": "Making versions that differ in one thing",
}
"""What each step of the brief graph is called where a person sees it."""

LONGEST_ASK = 4000
_ASKS_FOR_A_THREAD = re.compile(
    r"\b(?:as|into|write|draft|make|create|post)\s+(?:an?\s+|one\s+)?(?:\w+\s+)?thread\b", re.I
)
Progress = Callable[[str, bool], None]
"""Takes a step's name and whether it is done."""


class Briefing:
    """Starts briefs, and goes on with those whose angles were approved."""

    def __init__(self, crew: Crew, threads: ReviewThreads) -> None:
        self.crew = crew
        self.threads = threads
        self.graph = build_brief(crew, crew.memory.checkpointer())

    def start(self, brief: Brief, progress: Progress | None = None) -> BriefResult:
        """Keep the brief, then take it through the graph. Raises WrongUse for nothing, and for what may not be used."""
        if brief.source_work_id is None and not brief.ask.strip():
            raise WrongUse("The brief is empty.", "Say what you want to announce or tell.")
        if brief.source_work_id in self.crew.memory.consents.revoked_works(brief.workspace):
            raise WrongUse(
                f"{brief.source_work_id} may not be used: consent for it, or for somebody it names, was revoked. "
                "Nothing was started.",
                "`greenroom consent list` shows whose; start from another piece.",
            )
        self.crew.memory.briefs.add(brief)
        return self.run(brief.id, progress)

    def run(self, brief_id: str, progress: Progress | None = None) -> BriefResult:
        """Take a brief through the graph from where it stands; a brief that was cut off goes on."""
        started = time.monotonic()
        brief = self.crew.memory.briefs.get(brief_id)
        # a context of its own: inside a conversation, the graph would take itself for a part of that conversation's
        state = Vars().run(self._through, brief_id, progress or (lambda _name, _done: None))
        proposals = [self.crew.memory.proposals.get(brief.workspace, p) for p in state["proposal_ids"]]
        for proposal in proposals:
            self.threads.open(proposal)
        usage = self.crew.memory.usage.total(brief.workspace, brief_id=brief_id)
        errand = self.crew.context.meter(brief).errand("")
        notices = [*state.get("notices", []), *self.crew.memory.budgets.alerts(errand)]
        return BriefResult(brief_id, proposals, usage, time.monotonic() - started, notices)

    def _through(self, brief_id: str, progress: Progress) -> dict[str, Any]:
        config: Any = {"configurable": {"thread_id": f"brief:{brief_id}"}}
        cut_off = bool(self.graph.get_state(config).next)
        begin: Any = None if cut_off else {"brief_id": brief_id}
        for kind, step in self.graph.stream(begin, config, stream_mode=["tasks"], durability="sync"):
            if kind == "tasks" and isinstance(step, dict):
                progress(_said(step), "result" in step or "error" in step)
        return dict(self.graph.get_state(config).values)


def _said(step: dict[str, Any]) -> str:
    words = STEPS.get(step["name"], step["name"])
    where = step.get("input", {}).get("channel") if isinstance(step.get("input"), dict) else None
    return f"{words}: {channel(where).label}" if where and step["name"] == "draft" else words


def make_brief(
    crew: Crew,
    workspace: Workspace,
    ask: str,
    *,
    source: Given = NOTHING,
    pictures: Sequence[Attached] = (),
    channels: Sequence[str] | None = None,
    locales: Sequence[str] | None = None,
    variants: int = 1,
    vary: Dimension | None = None,
    thread: bool = False,
    when: Literal["on_approval", "auto"] | datetime = "on_approval",
    not_before: datetime | None = None,
    campaign: CampaignPart | None = None,
    stop_at: Literal["angles"] | None = None,
    by: str = "owner",
    private: bool = False,
) -> Brief:
    """Return a frozen brief; unknown channels are refused by name. `thread` may be said in the ask too."""
    now = crew.context.now()
    kept_back = max(filter(None, (not_before, campaign.not_before if campaign else None)), default=None)
    _refuse(ask, when, now, kept_back, vary if variants < 2 else None)
    return Brief(
        id=new_id("b"),
        workspace=workspace.id,
        ask=ask.strip(),
        source_title=source.title,
        source_text=source.text,
        source_work_id=source.work_id,
        origin=source.origin,
        pictures=tuple(pictures),
        channels=_channels(workspace, channels),
        locales=tuple(dict.fromkeys(map(checked, locales or (workspace.locale,)))),
        variants=variants,
        vary=vary,
        thread=thread or _ASKS_FOR_A_THREAD.search(ask) is not None,
        when=when,
        not_before=kept_back,
        campaign=campaign,
        stop_at=stop_at,
        requested_by=by,
        private=private or source.work_id in crew.memory.privacy.works(workspace.id),
        created_at=now,
    )


def _channels(workspace: Workspace, wished: Sequence[str] | None) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(wished or policy_of(workspace).channels or DEFAULT_CHANNELS))
    return tuple(channel(name).name for name in names)


def _refuse(ask: str, when: str | datetime, now: datetime, kept_back: datetime | None, alone: Dimension | None) -> None:
    """Refuse what no brief can ask for. `alone`: what the only version is to differ in."""
    _refuse_too_long(ask)
    _refuse_the_past(when, now)
    if alone:
        raise WrongUse("One version can't differ from itself.", f"Say how many: --variants 3 --vary {alone}")
    _refuse_no_embargo(kept_back, when, now)


def _refuse_too_long(ask: str) -> None:
    if len(ask) > LONGEST_ASK:
        raise BadInput(
            f"The brief has {len(ask)} characters; at most {LONGEST_ASK} are read as one.",
            "Say in a few sentences what it is about, and give the material with --from FILE.",
        )


def _refuse_the_past(when: str | datetime, now: datetime) -> None:
    if isinstance(when, datetime) and when <= now:
        raise BadInput("The time given is in the past.", "Give a later one, or leave it out to publish on approval.")


def _refuse_no_embargo(not_before: datetime | None, when: str | datetime, now: datetime) -> None:
    if not_before is None:
        return
    if not_before <= now:
        raise BadInput("The embargo given is past, so it keeps nothing back.", "Give a later time, or leave it out.")
    if isinstance(when, datetime) and when < not_before:
        raise BadInput(
            "The time given comes before the end of its own embargo.", "Give a later --at, or an earlier --not-before."
        )
