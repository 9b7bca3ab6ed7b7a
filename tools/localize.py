"""Bring a draft into another language, segment by segment, and check it before a person sees it."""

from collections.abc import Sequence

from core.briefs import Brief
from core.drafts import Content, Draft, Finding
from core.errors import ModelFailed
from core.facts import BrandFact
from core.ids import new_id
from core.links import links_in
from core.localization import findings, join, segments
from core.terminology import glossary, kept, lost
from models import Meter, ask, model_name
from models.tasks import LocalizeAnswer, LocalizeRequest
from prompts import version
from tools.brand import brand_findings
from tools.context import Context
from tools.material import voice_notes

FIELDS = ("text", "title", "subject", "preheader", "summary")


def localize(context: Context, brief: Brief, draft: Draft, locale: str) -> Draft:
    """Return the draft in `locale`, with what the checks of its translation found; NeedsModel without a translator."""
    content = draft.content
    sources = [segment for name in FIELDS for segment in segments(getattr(content, name))]
    sources += [segment for picture in content.pictures for segment in segments(picture.alt)]
    meter = context.meter(brief)
    targets = translate(context, meter, sources, source=draft.locale, target=locale, channel=draft.channel)
    facts = context.memory.facts.current(draft.workspace)
    found = [each for pair in zip(sources, targets, strict=True) for each in said_of(facts, *pair, locale)]
    translated = put_back(content, targets)
    found += brand_findings(context, draft.workspace, translated, channel=draft.channel, locale=locale)
    return draft.model_copy(
        update={
            "id": new_id("d"),
            "parent_id": draft.id,
            "locale": locale,
            "content": translated,
            "receipts": tuple(receipt.model_copy(update={"span": None}) for receipt in draft.receipts),
            "findings": tuple(found),
            "voice": None,
            "model": model_name(context.model),
            "prompt_versions": {**draft.prompt_versions, "localize": version("localize")},
            "created_at": context.now(),
        }
    )


def said_of(facts: Sequence[BrandFact], source: str, target: str, locale: str) -> tuple[Finding, ...]:
    """Return what a translated segment lost: what must survive anywhere, and the brand's own terms."""
    return (*findings(source, target), *lost(facts, source, target, locale))


def translate(
    context: Context, meter: Meter, sources: Sequence[str], *, source: str, target: str, channel: str = ""
) -> tuple[str, ...]:
    """Return one translated segment for each source segment, in order."""
    facts = context.memory.facts.current(meter.workspace)
    links = (link for text in sources for link in links_in(text))
    request = LocalizeRequest(
        source_locale=source,
        target_locale=target,
        segments=tuple(sources),
        glossary=glossary(facts, sources, target),
        keep=tuple(dict.fromkeys((*links, *kept(facts, sources, target)))),
        voice=voice_notes(context, meter.workspace),
        channel=channel,
    )
    answer = ask(
        context.model,
        "localize",
        request.model_dump(mode="json"),
        LocalizeAnswer,
        meter=meter,
        stage="localize",
    )
    if len(answer.segments) != len(sources):
        raise ModelFailed(
            f"The model translated {len(answer.segments)} of {len(sources)} segments.", "Nothing was lost; try again."
        )
    return answer.segments


def put_back(content: Content, targets: Sequence[str]) -> Content:
    """Return the content with its segments replaced, in the order of `FIELDS`, then in the pictures' alt texts."""
    rest = list(targets)

    def translated(value: str) -> str:
        count = len(segments(value))
        taken, rest[:count] = rest[:count], []
        return join(value, taken)

    fields = {name: translated(getattr(content, name)) for name in FIELDS}
    pictures = tuple(each.model_copy(update={"alt": translated(each.alt)}) for each in content.pictures)
    return content.model_copy(update={**fields, "pictures": pictures, "links": tuple(links_in(fields["text"]))})
