"""Bring drafts into another language, segment by segment, and check each before a person sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.briefs import Brief
from core.drafts import Draft, Finding
from core.errors import GreenroomError, ModelFailed
from core.facts import BrandFact
from core.ids import new_id
from core.localization import findings
from core.rules import findings as rule_findings
from core.segments import cut, fields_of, is_whole, placed_in, written
from core.segments_twice import repeated
from core.translated import Segment
from prompts import version
from tools.brand import brand_findings
from tools.context import Context
from tools.grids import Grid, Pair
from tools.illustrate import said_of_pictures
from tools.translating import MEMORY, Filled, fill

PERSON = "person"
"""What provenance names where no machine worded any of it."""


@dataclass
class Localized:
    """Drafts in another locale. `refusal`: why some of them have gaps; `notices`: what else could not be done."""

    drafts: list[Draft]
    refusal: GreenroomError | None = None
    notices: list[str] = field(default_factory=list)

    @property
    def whole(self) -> list[Draft]:
        """Those without a gap."""
        return [draft for draft in self.drafts if is_whole(draft.segments)]


def localize(context: Context, brief: Brief, draft: Draft, locale: str) -> Draft:
    """Return one draft in `locale`, with what the checks of its translation found; NeedsModel without a translator."""
    done = localize_all(context, brief, [draft], locale)
    if not done.whole:
        raise done.refusal or ModelFailed("The translation has gaps.", "Nothing was lost; try again.")
    return done.whole[0]


def localize_all(context: Context, brief: Brief, drafts: Sequence[Draft], locale: str) -> Localized:
    """Return the drafts in `locale`, all in one call; segments that nobody could translate are empty."""
    grids = [Grid(draft.channel, list(cut(draft.content))) for draft in drafts]
    filled = _fill(context, brief, grids, Pair(drafts[0].locale, locale)) if drafts else Filled()
    made = [_draft(context, draft, grid, filled, locale) for draft, grid in zip(drafts, grids, strict=True)]
    return Localized(made, filled.refusal, filled.notices)


def filled_again(context: Context, brief: Brief, channel: str, segments: Sequence[Segment], pair: Pair) -> Filled:
    """Fill what is empty among the segments of one text, which are changed in place of the list's own."""
    grid = Grid(channel, list(segments))
    done = _fill(context, brief, [grid], pair)
    done.segments = tuple(grid.segments)
    return done


def checked(context: Context, draft: Draft, source_locale: str) -> Draft:
    """Return a translation with what its checks find: each segment's, the brand's, the channel's, the pictures'."""
    workspace, locale = draft.workspace, draft.locale
    found = (
        *said_of_pictures(draft),
        *said_of_segments(context, draft, source_locale),
        *brand_findings(context, workspace, draft.content, channel=draft.channel, locale=locale),
        *rule_findings(draft.channel, draft.content),
    )
    return draft.model_copy(update={"findings": found})


def said_of_segments(context: Context, draft: Draft, source_locale: str) -> tuple[Finding, ...]:
    """Return what is found in each segment of a translation, with where it stands in its field."""
    facts = context.memory.facts.current(draft.workspace)
    again = repeated(draft.segments)
    return tuple(
        finding.model_copy(update={"span": (each.start, each.end), "field": name})
        for name, text in fields_of(draft.content).items()
        for each in placed_in(draft.segments, name, text)
        for finding in (
            *said_of(facts, each.segment, draft.locale, source_locale),
            *([again[each.segment.id]] if each.segment.id in again else ()),
        )
    )


def said_of(facts: Sequence[BrandFact], segment: Segment, locale: str, source_locale: str) -> tuple[Finding, ...]:
    """Return what a translated segment lost: what must survive anywhere, and the brand's own terms."""
    return findings(segment.source, segment.target, locale, source_locale=source_locale, facts=facts)


def _fill(context: Context, brief: Brief, grids: Sequence[Grid], pair: Pair) -> Filled:
    meter = context.meter(brief, locale=pair.target)
    return fill(context, meter, grids, pair)


def _draft(context: Context, draft: Draft, grid: Grid, filled: Filled, locale: str) -> Draft:
    asked = filled.engine not in ("", *(() if context.translator is None else (context.translator.name,)))
    versions = {"localize": version("localize")} if asked else {}
    made = draft.model_copy(
        update={
            "id": new_id("d"),
            "parent_id": draft.id,
            "locale": locale,
            "content": written(draft.content, grid.segments),
            "segments": tuple(grid.segments),
            "receipts": tuple(receipt.model_copy(update={"span": None}) for receipt in draft.receipts),
            "voice": None,
            "model": made_with(grid.segments, filled.engine),
            "prompt_versions": {**draft.prompt_versions, **versions},
            "created_at": context.now(),
        }
    )
    return checked(context, made, draft.locale)


def made_with(segments: Sequence[Segment], *engines: str) -> str:
    """Return what a translation's provenance names: the machines that words of it are from, else memory, or a person.

    `engines` are those that may have had a part in it; one whose words were all replaced is not named.
    """
    makers = {each.made_by for each in segments}
    known = dict.fromkeys(name for engine in engines for name in engine.split(" + "))
    machines = [name for name in known if name in makers and name not in (MEMORY, PERSON)]
    return " + ".join(machines) or (MEMORY if MEMORY in makers else PERSON)
