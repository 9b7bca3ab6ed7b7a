"""Freeze a draft into a proposal: the exact wire payload, and the hash of everything that an approval covers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent.crew import Crew
from agent.linked import Linked, linked, not_linked
from core.angles import to_document
from core.briefs import Brief, Plan
from core.canonical import instant, sha256
from core.channels import channel as channel_of
from core.counting import measure
from core.drafts import Draft, Finding
from core.ids import new_id
from core.policy import policy_of
from core.proposals import Proposal, Provenance, envelope
from core.threads import posts as posts_of
from core.works import Workspace
from publishing import ComposeContext, compose
from tools.schedule import asked_for, kept_back, look_at

ANGLES_CHANNEL = "angles"


def freeze(crew: Crew, brief: Brief, draft: Draft, *, suggested: tuple[datetime, str] | None) -> Proposal:
    """Return a waiting proposal for a draft; nothing is stored yet."""
    workspace = crew.context.workspace_of(brief)
    at = _time_inside(brief, suggested)
    grace = policy_of(workspace).outbox.grace() if at else None
    return freeze_at(crew, brief, draft, workspace, at=at, grace=grace, suggested=suggested)


def freeze_at(
    crew: Crew,
    brief: Brief,
    draft: Draft,
    workspace: Workspace,
    *,
    at: datetime | None,
    grace: int | None,
    suggested: tuple[datetime, str] | None,
) -> Proposal:
    """Return a waiting proposal for a draft with its window given: None leaves it due on approval."""
    provenance = _provenance(draft)
    not_before, _ = kept_back(crew.context, brief, draft)
    context, around = _around(crew, brief, draft, workspace, provenance, at)
    payload = compose(draft.channel, draft.content, context)
    findings = (
        *draft.findings,
        *_too_long_on_the_wire(draft, payload["text"]),
        *not_linked(draft.channel, payload["text"], around.dids),
        *_too_soon(at, not_before),
        *_against(crew, brief, draft, at, suggested),
    )
    return _waiting(
        crew,
        brief,
        payload,
        channel=draft.channel,
        account=context.account,
        locale=draft.locale,
        stages=stages_for(workspace, draft.channel, draft.locale),
        at=at,
        grace_minutes=grace,
        not_before=not_before,
        provenance=provenance,
        draft_id=draft.id,
        variant=draft.variant,
        suggested_at=suggested[0] if suggested else None,
        suggested_reason=suggested[1] if suggested else "",
        voice=draft.voice,
        findings=findings,
        receipts=draft.receipts,
    )


def _provenance(draft: Draft) -> Provenance:
    return Provenance(
        model=draft.model,
        prompt_versions=draft.prompt_versions,
        inputs=draft.inputs,
        varies=draft.varies,
        created_at=draft.created_at,
    )


def _around(
    crew: Crew, brief: Brief, draft: Draft, workspace: Workspace, provenance: Provenance, at: datetime | None
) -> tuple[ComposeContext, Linked]:
    """Return what a payload is made in, and what its text links to."""
    account = workspace.account_on(draft.channel)
    around = linked(crew, brief, workspace, draft.channel, account, draft.content.text)
    context = ComposeContext(
        workspace=workspace,
        account=account,
        locale=draft.locale,
        date=(at or crew.context.now()).astimezone(ZoneInfo(workspace.timezone)).date(),
        proposal_key=f"{draft.brief_id}/{draft.channel}/{draft.locale}/{draft.variant}",
        provenance=provenance.model_dump(mode="json"),
        works=_leans_on(draft),
        dids=around.dids,
        pages=around.pages,
    )
    return context, around


def _leans_on(draft: Draft) -> tuple[dict[str, Any], ...]:
    works = {r.work_id: {"id": r.work_id, "title": r.title, "url": r.url} for r in draft.receipts if r.work_id}
    return tuple(works.values())


def freeze_angles(crew: Crew, brief: Brief, plan: Plan) -> Proposal:
    """Return a proposal whose payload is the plan's angles: the same rows, hash and verbs as everything else."""
    payload = {
        "channel": ANGLES_CHANNEL,
        "text": to_document(plan.angles),
        "angles": [angle.model_dump(mode="json") for angle in plan.angles],
    }
    return _waiting(
        crew,
        brief,
        payload,
        channel=ANGLES_CHANNEL,
        account=crew.context.workspace_of(brief).name,
        locale=brief.locales[0],
        stages=("angles",),
        at=None,
        grace_minutes=None,
        not_before=None,
        provenance=Provenance(model=plan.model, created_at=crew.context.now()),
        draft_id=None,
    )


def _waiting(
    crew: Crew,
    brief: Brief,
    payload: dict[str, Any],
    *,
    channel: str,
    account: str,
    locale: str,
    stages: tuple[str, ...],
    at: datetime | None,
    grace_minutes: int | None,
    not_before: datetime | None,
    **beside: Any,
) -> Proposal:
    """Return a waiting proposal; what is named here is covered by its hash, what stands in `beside` is not."""
    covered: dict[str, Any] = {
        "workspace": brief.workspace,
        "channel": channel,
        "account": account,
        "locale": locale,
        "payload": payload,
        "at": at,
        "grace_minutes": grace_minutes,
        "not_before": not_before,
    }
    return Proposal(
        id=new_id("p"),
        brief_id=brief.id,
        stage=stages[0],
        stages=stages,
        text=payload["text"],
        sha=sha256(envelope(**covered)),
        requested_by=brief.requested_by,
        created_at=crew.context.now(),
        **covered,
        **beside,
    )


def stages_for(workspace: Workspace, channel: str, locale: str) -> tuple[str, ...]:
    """Return the stages a proposal passes: those that the workspace's policy adds for it, and always `proposals`."""
    added = [each.stage for each in policy_of(workspace).stages if each.covers(channel, locale)]
    return (*added, "proposals")


def _too_long_on_the_wire(draft: Draft, text: str) -> tuple[Finding, ...]:
    """Composing may add a disclosure line and a signature: what counts is the text that will be sent."""
    if text == draft.content.text:
        return ()  # counted already
    place = channel_of(draft.channel)
    posts = posts_of(place, text)
    named = [("it" if len(posts) == 1 else f"post {n} of {len(posts)}", post.text) for n, post in enumerate(posts, 1)]
    return tuple(
        Finding(
            rule="length",
            severity="error",
            message=f"With what is added on sending {name} has {length.used} of {length.limit} {length.unit}.",
        )
        for limit in place.limits_of("text")
        for name, post in named
        if (length := measure(limit, post)).over
    )


def _too_soon(at: datetime | None, not_before: datetime | None) -> tuple[Finding, ...]:
    """A time before the end of an embargo stays as it was said, and can't be approved."""
    if at is None or not_before is None or at >= not_before:
        return ()
    words = f"It is meant for {instant(at)}, and is under an embargo until {instant(not_before)}."
    return (Finding(rule="embargo", severity="error", message=words),)


def _against(
    crew: Crew, brief: Brief, draft: Draft, at: datetime | None, suggested: tuple[datetime, str] | None
) -> Iterator[Finding]:
    """Note what speaks against a time that a person named: it stays theirs to choose."""
    if at is None or (suggested is not None and at == suggested[0]):
        return
    workspace = crew.context.workspace_of(brief)
    mine = (draft.channel, draft.locale, draft.variant)
    same = crew.memory.proposals.list(brief.workspace, brief_id=brief.id)
    ids = frozenset(each.id for each in same if (each.channel, each.locale, each.variant) == mine)
    asked = asked_for(crew.context, workspace, brief, draft)._replace(instead_of=ids)
    for conflict in look_at(crew.context, workspace, asked, at):
        if conflict.kind not in ("past", "embargo"):  # those are refused, or found already
            yield Finding(rule="time", severity="note", message=conflict.words)


def _time_inside(brief: Brief, suggested: tuple[datetime, str] | None) -> datetime | None:
    if isinstance(brief.when, datetime):
        return brief.when
    return suggested[0] if brief.when == "auto" and suggested else None
