"""Check a draft before a person sees it: the channel's rules, the voice, what it rests on, what was said before."""

import re

from core.briefs import Brief, Plan
from core.drafts import Content, Draft, Finding, VoiceScore
from core.markdown_text import plain
from core.rules import findings as rule_findings
from tools.brand import brand_findings
from tools.context import Context
from tools.generic import generic_findings
from tools.grounds import grounded
from tools.illustrate import said_of_pictures
from tools.preferences import said_of_preferences
from tools.repeats import repeats

MIDDLE = 50.0
_QUOTED = re.compile(r"^> .*$|“[^”]*”|\"[^\"\n]*\"|«[^»]*»", re.MULTILINE)
_SCAFFOLDING = re.compile(r"^\s*(?:[-*] \[.*|.*:)\s*$", re.MULTILINE)
_UNSPOKEN = re.compile(r"https?://\S+|(?<!\w)#\w+")
_OFF_VOICE = "This may not sound like you: it scores {score:.0f} of 100 ({low:.0f} to {high:.0f}). {reason}"


def check(context: Context, brief: Brief, plan: Plan, draft: Draft) -> Draft:
    """Return the draft with its findings, its voice score and a receipt for each claim that has one."""
    text = draft.content.text
    voice = context.memory.voice.score(draft.workspace, spoken(text), draft.locale, draft.channel)
    unfounded, receipts = grounded(context, brief, plan, draft)
    found = (
        *said_of_pictures(draft),
        *said_of_preferences(draft),
        *rule_findings(draft.channel, draft.content),
        *unfounded,
        *brand_findings(context, draft.workspace, draft.content, channel=draft.channel, locale=draft.locale),
        *repeats(context, draft.workspace, without_quotes(text), brief),
        *voice_findings(voice),
        *generic_findings(context, draft.workspace, without_quotes(text), prose=spoken(text), locale=draft.locale),
    )
    return draft.model_copy(update={"findings": found, "voice": voice, "receipts": receipts})


def check_text(context: Context, workspace: str, channel: str, content: Content) -> tuple[Finding, ...]:
    """Return what the checks find in a text that came from no brief: all but what it rests on."""
    voice = context.memory.voice.score(workspace, spoken(content.text), channel=channel)
    locale = context.memory.workspaces.get(workspace).locale
    return (
        *rule_findings(channel, content),
        *brand_findings(context, workspace, content, channel=channel, locale=locale),
        *repeats(context, workspace, without_quotes(content.text)),
        *voice_findings(voice),
        *generic_findings(context, workspace, without_quotes(content.text), prose=spoken(content.text)),
    )


def without_quotes(text: str) -> str:
    """Return the text with what it marks as quoted blanked out, every other character in its place."""
    return _QUOTED.sub(lambda found: " " * len(found[0]), text)


def spoken(text: str) -> str:
    """Return the text without links, hashtags, link lists and lines that only introduce: no one's style."""
    return _UNSPOKEN.sub("", plain(_SCAFFOLDING.sub("", text)))


def voice_findings(voice: VoiceScore) -> tuple[Finding, ...]:
    """Return a warning where the whole range lies below the middle, with the first reason: advice, never a block."""
    if voice.verdict != "off_voice" or voice.score is None or voice.interval is None:
        return ()
    low, high = voice.interval
    if high >= MIDDLE:
        return ()  # short texts have wide ranges: too little to bother anybody with
    reason = voice.reasons[0].text if voice.reasons else ""
    message = _OFF_VOICE.format(score=voice.score, low=low, high=high, reason=reason).strip()
    return (Finding(rule="off_voice", severity="warning", message=message),)
