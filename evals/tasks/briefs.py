"""Whole briefs: from what a creator types and their raw notes to everything that waits for a decision."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from core.languages import detect
from evals.harness.by_creator import ByCreator
from evals.harness.cards import Case
from evals.harness.stage import Stage
from evals.harness.task import Metric, Scored

if TYPE_CHECKING:
    from app.studio import Studio
    from core.proposals import Proposal
    from core.works import Work
    from evals.harness.candidate import Candidate

_SPACE = re.compile(r"\s+")
_FIGURES = re.compile(r"[\d.,:]+")


class BriefCase(Case):
    """One brief. `must_say`: alternatives stand in one string, between bars."""

    ask: str
    notes: str = ""
    from_work: str = ""
    channels: tuple[str, ...] = Field(min_length=1)
    locales: tuple[str, ...] = Field(min_length=1)
    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    leans_on: tuple[str, ...] = ()


class Briefs(ByCreator[BriefCase]):
    """Through `Studio.start`. Every draft is checked again by all checks, whatever the candidate leaves out."""

    name = "briefs"
    says = "A whole brief comes to drafts that can go out as they are"
    limits = (
        "A fact counts as said where its words stand in the first language's drafts, not where it is said well. The "
        "rehearsal model joins the creator's own sentences: under it `voice`, `grounded` and `generic` tell of the "
        "works more than of any writing."
    )
    case = BriefCase
    quick = 12
    metrics = (
        Metric("made", "share of the drafts asked for, channel by locale; without a model, of the first locale's only"),
        Metric("says", "share of the indispensable facts that a draft says"),
        Metric("keeps_back", "share of briefs of which nothing internal stands in any draft"),
        Metric("clean", "share of drafts without an error"),
        Metric("grounded", "share of drafts in which nothing is found that no source says"),
        Metric("fresh", "share of drafts that repeat no past work"),
        Metric("leans", "share of the works that it should lean on which were recalled"),
        Metric(
            "receipts_true",
            "share of receipts whose quote stands word for word in the creator's own material, titles too",
        ),
        Metric("language", "share of drafts in the language that was asked for"),
        Metric("voice", "how much the drafts sound like the creator, 0 to 1"),
        Metric("generic", "generic-writing risk of English drafts of 40 words or more of their own, 0 to 1", better=-1),
        Metric("nothing_left", "share of briefs of which nothing stands in line to be sent", hard=True),
    )

    def perform(self, stage: Stage, case: BriefCase) -> dict[str, Any]:
        """Take the brief through the agent in a home of its own."""
        with stage.fresh(case.creator) as studio:
            result = studio.start(case.ask, from_=_source(studio, case), channels=case.channels, locales=case.locales)
            plan = studio.memory.briefs.plan(result.brief_id)
            recalled = [Path(each.source).stem for each in plan.recalled] if plan else []
            usage = studio.usage()
            return {
                "drafts": [_told(studio, proposal) for proposal in result.proposals],
                "recalled": recalled,
                "material": [case.ask, case.notes],
                "notices": result.notices,
                "in_line": len(studio.publications()),
                "writes": _written(stage.candidate, case),
                "usage": usage.model_dump(mode="json", exclude={"cached_tokens", "estimated"}),
            }

    def score(self, case: BriefCase, got: dict[str, Any]) -> Scored:
        """Measure the drafts; those of a brief count together, as a person gets them together."""
        drafts: list[dict[str, Any]] = got["drafts"]
        first = [each for each in drafts if each["locale"] == case.locales[0]]
        slips = [words for words in case.must_not_say if any(_has(each["all"], words) for each in drafts)]
        unsaid = [f"{each['channel']}: {fact}" for each in first for fact in case.must_say if not _says(each, fact)]
        quotes = [quote for each in drafts for quote in each["receipts"]]
        values: dict[str, float | None] = {
            "made": len(drafts) / (len(case.channels) * len(got["writes"])),
            "says": _mean([_says(each, fact) for each in first for fact in case.must_say]),
            "keeps_back": float(not slips) if case.must_not_say else None,
            "clean": _mean(["error" not in _severities(each) for each in drafts]),
            "grounded": _mean([not _rules(each, "invented_", "unsupported") for each in drafts]),
            "fresh": _mean([not _rules(each, "repeats_") for each in drafts]),
            "leans": _mean([work in got["recalled"] for work in case.leans_on if work != case.from_work]),
            "receipts_true": _mean([each["true"] for each in quotes]),
            "language": _mean(
                [each["language"] == each["locale"].split("-")[0] for each in drafts if each["language"]]
            ),
            "voice": _mean([each["voice"] / 100 for each in drafts if each["voice"] is not None]),
            "generic": _mean([each["generic"] / 100 for each in drafts if each["generic"] is not None]),
            "nothing_left": float(got["in_line"] == 0),
        }
        faults = [f"{each['channel']}: {f['message']}" for each in drafts for f in each["findings"] if _grave(f)]
        why = [f"must not be said: {', '.join(slips)}"] if slips else []
        why += [f"not said: {'; '.join(unsaid)}"] if unsaid else []
        return Scored(
            values=values,
            expected="says " + "; ".join(case.must_say) if case.must_say else "",
            got="\n\n".join(f"[{each['channel']} {each['locale']}] {each['text']}" for each in drafts),
            why="\n".join([*why, *faults, *got["notices"]]),
        )

    def works(self, case: BriefCase) -> tuple[str, ...]:
        """Return those that it is made from or should lean on."""
        return (*case.leans_on, *filter(None, [case.from_work]))

    def asked(self, case: BriefCase) -> str:
        """Return the ask and the notes."""
        return f"{case.ask}\n\n{case.notes or case.from_work}".strip()


def _written(candidate: "Candidate", case: BriefCase) -> list[str]:
    """Return the locales that a candidate can write: the rehearsal model translates nothing, and says so."""
    return list(case.locales if candidate.config is not None else case.locales[:1])


def _source(studio: "Studio", case: BriefCase) -> str | None:
    if case.from_work:
        return next(each.id for each in studio.works() if Path(each.source).stem == case.from_work)
    if not case.notes:
        return None
    path = studio.settings.home / "notes.md"
    path.write_text(case.notes, encoding="utf-8")
    return str(path)


def _told(studio: "Studio", proposal: "Proposal") -> dict[str, Any]:
    """Return a draft as it waits, with what every check says of it."""
    from tools.check import check, spoken, without_quotes

    draft = studio.memory.drafts.get(str(proposal.draft_id))
    brief, plan = studio.crew.brief(proposal.brief_id)
    checked = check(replace(studio.crew.context, without=frozenset()), brief, plan, draft)
    own, words = studio.workspace.id, without_quotes(draft.content.text)
    risk = studio.memory.generic.risk(own, spoken(words), draft.locale)
    material = f"{brief.ask}\n{brief.source_title}\n{brief.source_text}"
    works = {each.work_id for each in checked.receipts if each.work_id}
    bodies = {work: _whole(studio.memory.works.get(own, work)) for work in works}
    return {
        "channel": proposal.channel,
        "locale": proposal.locale,
        "text": proposal.text,
        "all": json.dumps(proposal.payload, ensure_ascii=False),
        "findings": [{"rule": f.rule, "severity": f.severity, "message": f.message} for f in checked.findings],
        "receipts": [
            {"title": each.title, "true": _stands(each.quote, bodies.get(str(each.work_id), material))}
            for each in checked.receipts
        ],
        "language": detect(spoken(draft.content.text)),
        "voice": checked.voice.score if checked.voice else None,
        "generic": risk.score,
    }


def _whole(work: "Work") -> str:
    """Return all that a work says: its title is the creator's own too, and so is its body without markup."""
    from core.markdown_text import plain

    return f"{work.title}\n{work.body}\n{plain(work.body)}"


def _stands(quote: str, text: str) -> bool:
    return _plain(quote).rstrip("… ") in _plain(text)


def _plain(text: str) -> str:
    return _SPACE.sub(" ", re.sub(r"[*_`>#\[\]]", "", text)).strip().casefold()


def _has(text: str, words: str) -> bool:
    """Say whether words stand in a text; figures only as a whole: "38" is no part of "1938"."""
    if _FIGURES.fullmatch(words):
        return re.search(rf"(?<![\d.,]){re.escape(words)}(?!\d)", text) is not None
    return _plain(words) in _plain(text)


def _says(draft: dict[str, Any], fact: str) -> bool:
    return any(_has(draft["all"], each.strip()) for each in fact.split("|"))


def _rules(draft: dict[str, Any], *begin: str) -> bool:
    return any(f["rule"].startswith(begin) and f["severity"] != "note" for f in draft["findings"])


def _severities(draft: dict[str, Any]) -> set[str]:
    return {f["severity"] for f in draft["findings"]}


def _grave(finding: dict[str, Any]) -> bool:
    return bool(finding["severity"] != "note")


def _mean(values: list[Any]) -> float | None:
    return sum(map(float, values)) / len(values) if values else None
