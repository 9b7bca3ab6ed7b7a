"""Say in the source's language what a translation says, for who can't read it: by one that does not see the source."""

from collections.abc import Callable, Sequence

from core.translated import Segment
from models import Meter, ask, is_rehearsal
from models.tasks import BackTranslateAnswer, BackTranslateRequest
from models.translation import translated
from tools.context import Context
from tools.grids import Grid, Pair, exactly, parts
from tools.private import refuse_private


def say_back(
    context: Context, meter: Meter, grids: Sequence[Grid], pair: Pair, which: Callable[[Segment], bool]
) -> None:
    """Add a back-translation to the segments of `which` that have none, in one call for all.

    Raises NeedsModel, ModelFailed or PrivateMaterial; every segment is as it was then.
    """
    mine = [each for grid in grids for each in grid.segments if each.target.strip() and not each.back and which(each)]
    wanted = list(dict.fromkeys(each.target for each in mine))
    if not wanted:
        return
    secrets = context.memory.privacy.secrets(meter.workspace)
    if any(secrets.found_in(each.source) for each in mine):
        meter.now_private()  # in another language nobody would know it again
    back = dict(zip(wanted, _said(context, meter, wanted, pair), strict=True))
    chosen = {id(each) for each in mine}
    for grid in grids:
        grid.segments = [
            each.model_copy(update={"back": back[each.target]}) if id(each) in chosen else each
            for each in grid.segments
        ]


def _said(context: Context, meter: Meter, wanted: list[str], pair: Pair) -> list[str]:
    if is_rehearsal(context.model) and context.translator is not None:
        refuse_private(context, meter, wanted)
        return translated(context.translator, wanted, source=pair.target, target=pair.source)
    said: list[str] = []
    for part in parts(wanted):
        request = BackTranslateRequest(source_locale=pair.target, target_locale=pair.source, segments=tuple(part))
        schema = exactly(BackTranslateAnswer, len(part))
        answer = ask(context.model, "backtranslate", request, schema, meter=meter, stage="back_translate")
        said += answer.segments
    return said
