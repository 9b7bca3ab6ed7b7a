"""The translator that the settings name, and a text of no brief as segments."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.settings import Settings
from core.drafts import Content, Finding
from core.errors import GreenroomError
from core.locales import checked
from core.segments import cut
from core.translated import Segment

if TYPE_CHECKING:
    from app.studio import Studio
    from models.translation import Translator


def translator_of(settings: Settings) -> "Translator | None":
    """Return the translator that the settings name; None: the chat model translates. Nothing is run or sent yet."""
    if not settings.translator:
        return None
    from models.translation import TranslatorConfig, open_translator

    return open_translator(
        TranslatorConfig(
            engine=settings.translator,
            key=settings.translator_key,
            kind=settings.translator_kind,
            timeout_s=settings.translator_timeout_s,
        )
    )


@dataclass(frozen=True)
class Sheet:
    """A text's segments with what was found in each; `refusal`: why some of them are empty."""

    rows: tuple[tuple[Segment, tuple[Finding, ...]], ...]
    where: str  # where the words went, for a person; empty: nowhere
    refusal: GreenroomError | None
    notices: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the object that `localize` prints."""
        why = self.refusal
        said = [{"rule": why.kind, "severity": "error", "message": why.message}] if why else []
        return {
            "segments": [
                {
                    "source": segment.source,
                    "target": segment.target,
                    "findings": [each.model_dump(mode="json") for each in found],
                    **segment.model_dump(mode="json", include={"made_by", "reuse", "back", "notes"}),
                }
                for segment, found in self.rows
            ],
            "findings": said,
            "notices": list(self.notices),
            "where": self.where,
        }


def translate_text(studio: "Studio", text: str, locale: str) -> Sheet:
    """Translate a text, what was approved before first; without a translator its segments are there to be filled."""
    from tools.grids import Grid, Pair
    from tools.localize import said_of
    from tools.translating import fill

    context, source = studio.crew.context, studio.workspace.locale
    grid = Grid("", list(cut(Content(text=text))))
    done = fill(context, context.meter_for(studio.workspace.id, None), [grid], Pair(source, checked(locale)))
    facts = studio.memory.facts.current(studio.workspace.id)
    rows = tuple((each, said_of(facts, each, locale, source)) for each in grid.segments)
    return Sheet(rows, where_words_go(studio) if done.engine else "", done.refusal, tuple(done.notices))


def where_words_go(studio: "Studio") -> str:
    """Say where a text goes that is given to the translator, for a person."""
    translator = studio.crew.context.translator
    if translator is not None:
        return f"{translator.where} ({'hosted' if translator.kind == 'hosted' else 'on your own premises'})"
    from models import model_name

    return f"the chat model {model_name(studio.model)}"
