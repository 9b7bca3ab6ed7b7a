"""What is put before a model: past works, the voice, the limits of a channel, the allowed links and tags."""

from collections.abc import Iterable
from typing import Any

from core.briefs import Angle, Brief, Origin, Plan
from core.channels import channel as channel_rules
from core.chapters import stamp
from core.links import links_in
from core.markdown_text import plain
from core.policy import policy_of
from core.wall_time import to_wall
from core.works import Recalled, Work
from models.tasks import ChosenAngle, DraftRequest, Mark, Part, PastWork, Refused, Source, VoiceNotes
from tools.brand import brand_rules
from tools.context import Context
from tools.preferences import edit_pairs, habits
from tools.vocabulary import own_tags

PASSAGES_PER_WORK = 2
WORKS_IN_PROMPT = 6
HASHTAGS = 5
SAID_WORDS = 10  # of a transcript, that say where in it a time is
_SAID = 200  # characters in which they are looked for
TURNED_DOWN = 4


def past_works(context: Context, workspace: str, recalled: Iterable[Recalled]) -> tuple[PastWork, ...]:
    """Return past works as the prompt shows them, with their best passages and how they did."""
    shown = list(recalled)[:WORKS_IN_PROMPT]
    did = context.memory.outcomes.in_words(workspace, [work.work_id for work in shown])
    return tuple(
        PastWork(
            id=work.work_id,
            title=work.title,
            url=work.url,
            published_at=work.published_at.date().isoformat() if work.published_at else None,
            passages=tuple(passage.text for passage in work.passages[:PASSAGES_PER_WORK]),
            did=did[work.work_id],
        )
        for work in shown
    )


def voice_notes(context: Context, workspace: str, channel: str | None = None) -> VoiceNotes:
    """Return the voice, of a channel's register where there is one, as sentences and a few passages of their own."""
    if "voice" in context.without:
        return VoiceNotes()
    profile = context.memory.voice.profile(workspace, channel)
    return VoiceNotes(summary=profile.summary, exemplars=tuple(exemplar.text for exemplar in profile.exemplars))


def limits_of(name: str) -> dict[str, Any]:
    """Return a channel's limits as a model can follow them."""
    rules = channel_rules(name)
    return {
        "channel": rules.label,
        "limits": [{"field": limit.field, "max": limit.value, "unit": limit.unit} for limit in rules.limits],
        "hashtags": {"max": rules.hashtags.max.value if rules.hashtags.max else None, "usual": rules.hashtags.usual},
        "links_clickable": rules.links.clickable,
        "markdown": rules.markdown,
        "fields": list(rules.fields),
    }


def angle_of(brief: Brief, plan: Plan, variant: int) -> Angle | None:
    """Return the angle that a variant is written from: the chosen ones in turn, and a campaign's parts apart."""
    by_id = {angle.id: angle for angle in plan.angles}
    chosen = [by_id[angle_id] for angle_id in plan.chosen if angle_id in by_id]
    turn = variant - 1 + (brief.campaign.turn if brief.campaign else 0)
    return chosen[turn % len(chosen)] if chosen else None


def allowed_links(context: Context, brief: Brief, plan: Plan) -> tuple[str, ...]:
    """Return the only links a draft may hold: those of the brief, its source, the leaned-on works and the own site."""
    works = [context.memory.works.get(brief.workspace, work.work_id) for work in plan.recalled]
    own = [link for work in works for link in (work.url, *work.extra.get("links", ()), *links_in(work.body)) if link]
    site = context.workspace_of(brief).site_url
    return tuple(dict.fromkeys([*brief_links(context, brief), *own, *([site] if site else [])]))


def brief_links(context: Context, brief: Brief) -> tuple[str, ...]:
    """Return the links a draft should carry: those that the brief and its source name, or the source work's own."""
    told = [link for text in (brief.ask, brief.source_text) for link in links_in(text)]
    source = context.memory.works.get(brief.workspace, brief.source_work_id).url if brief.source_work_id else None
    source = source or (brief.origin.url if brief.origin else None)
    return tuple(dict.fromkeys([*([source] if source else []), *told]))


def sources_of(context: Context, brief: Brief, plan: Plan) -> tuple[str, ...]:
    """Return every text that a claim may rest on: the ask, the source, and the leaned-on works in full."""
    works = [context.memory.works.get(brief.workspace, work.work_id) for work in plan.recalled]
    launch = part_of(context, brief, "")
    said = "" if launch is None else launch.launch
    stated = "\n".join([_stated(brief), *_shown(brief)])
    return (brief.ask, brief.source_title, brief.source_text, stated, said, *(_told(work) for work in works))


def _shown(brief: Brief) -> tuple[str, ...]:
    """What the brief's pictures show, in the person's own words."""
    return tuple(picture.alt for picture in brief.pictures if picture.alt)


def _stated(brief: Brief) -> str:
    """What the material itself says beside its words: an article's author, site and day, a transcript's times."""
    if brief.origin is None:
        return ""
    origin = brief.origin
    times = [stamp(0), *(each.at for each in marks_of(brief))]
    return "\n".join(filter(None, [*origin.authors, origin.site, origin.published_at, *times]))


def _told(work: Work) -> str:
    """A work's title, body and date: "in March 2016" is a fact about it that a draft may state."""
    day = f"\n{work.published_at:%d %B %Y}\n{work.published_at:%Y-%m-%d}" if work.published_at else ""
    by = f"\n{', '.join(work.authors)}" if work.authors else ""
    return f"{work.title}\n{work.body}\n{plain(work.body)}{day}{by}"  # quotes are of the words, not of their markup


def turned_down(context: Context, brief: Brief, channel: str | None = None) -> tuple[Refused, ...]:
    """Return what people said when they turned similar drafts down, newest first, in their own words."""
    about = f"{brief.ask} {brief.source_title}"
    said = context.memory.turned_down.like(brief.workspace, about, k=TURNED_DOWN, channel=channel)
    return tuple(
        Refused(
            at=f"{each.at:%Y-%m-%d}", channel=each.channel, ask=each.ask[:160], text=each.text[:160], said=each.note
        )
        for each in said
    )


def shared(context: Context, brief: Brief, recalled: Iterable[Recalled]) -> dict[str, Any]:
    """Return the fields of `Shared`: what every call of a brief is told, the same whatever the call is for."""
    leaned_on = tuple(recalled)
    about = f"{brief.ask} {brief.source_title}"
    tags = own_tags(context, brief.workspace, about, leaned_on, private=brief.private)
    return {
        "ask": brief.ask,
        "locale": brief.locales[0],
        "source": source_of(brief),
        "works": past_works(context, brief.workspace, leaned_on),
        "voice": voice_notes(context, brief.workspace),
        "links": brief_links(context, brief),
        "hashtags": tuple(tag for tag, _ in tags[:HASHTAGS]),
        "brand": brand_rules(context, brief.workspace, brief.locales[0]),
        "turned_down": turned_down(context, brief),
        "pictures": _shown(brief),
    }


def draft_request(context: Context, brief: Brief, plan: Plan, *, channel: str, variant: int) -> DraftRequest:
    """Return what the draft prompt is asked with for one channel."""
    angle = angle_of(brief, plan, variant)
    told = shared(context, brief, plan.recalled)
    register = voice_notes(context, brief.workspace, channel)
    return DraftRequest(
        **told,
        register_voice=None if register == told["voice"] else register,
        angle=ChosenAngle(title=angle.title, premise=angle.premise, work_ids=angle.work_ids) if angle else None,
        channel=channel,
        limits=limits_of(channel),
        form="thread" if brief.thread and channel_rules(channel).threads else "post",
        marks=marks_of(brief) if channel_rules(channel).chapters else (),
        variant=variant,
        preferences=habits(context, brief.workspace, channel, brief.locales[0]),
        edits=edit_pairs(context, brief.workspace, channel, brief.locales[0]),
        campaign=part_of(context, brief, channel),
    )


def part_of(context: Context, brief: Brief, channel: str) -> Part | None:
    """Return which part of a campaign a draft is, with the launch as the channel's audience would say it."""
    if brief.campaign is None:
        return None
    space = context.workspace_of(brief)
    zone = policy_of(space).timing.zone_for(channel, brief.locales[0], space.timezone)
    wall = to_wall(brief.campaign.launch, zone)
    return Part(phase=brief.campaign.phase, launch=f"{brief.campaign.day(zone)} {wall:%Y, %H:%M} ({zone})")


def source_of(brief: Brief) -> Source:
    """Return the brief's material, with whose words it is where they are not the creator's own."""
    origin = brief.origin
    if origin is None or origin.kind != "article":
        return Source(title=brief.source_title, text=brief.source_text)
    return Source(
        title=brief.source_title,
        text=brief.source_text,
        own=origin.own,
        by="" if origin.own else credit(origin),
        url=origin.url,
        published_at=origin.published_at,
    )


def credit(origin: Origin) -> str:
    """Return whom somebody else's words are credited to: at most two authors, else the site."""
    return " and ".join(origin.authors) if 1 <= len(origin.authors) <= 2 else origin.site


def marks_of(brief: Brief) -> tuple[Mark, ...]:
    """Return the times of the brief's transcript, each with the words that are said then; empty where it has none."""
    moments = brief.origin.moments if brief.origin else ()
    said = [(at, " ".join(brief.source_text[offset : offset + _SAID].split()[:SAID_WORDS])) for at, offset in moments]
    return tuple(Mark(at=stamp(at), says=words) for at, words in said if words)


def inputs_of(brief: Brief, plan: Plan) -> dict[str, Any]:
    """Return the ids of what went into the prompt: what "because of these pieces" may name."""
    works = [work.work_id for work in plan.recalled[:WORKS_IN_PROMPT]]
    return {"brief": brief.id, "works": works, "source_work": brief.source_work_id}
