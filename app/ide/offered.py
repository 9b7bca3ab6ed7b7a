"""The tools as the protocol lists them."""

from functools import cache
from threading import Lock

from mcp import types

from app.ide.asking import offered as asking
from app.ide.offers import OFFERS

_MAKING = Lock()


def offered() -> list[types.Tool]:
    """Return what is offered; made once, whoever asks first."""
    with _MAKING:
        return _made()


@cache
def _made() -> list[types.Tool]:
    """Return what is offered, with the schemas; the tools' own rooms are read for it, once."""
    return [
        *(
            types.Tool(
                name=each.name,
                title=each.title,
                description=each.describes(),
                inputSchema=each.takes(),
                outputSchema=each.answers(),
                annotations=types.ToolAnnotations(
                    title=each.title,
                    readOnlyHint=not each.makes,
                    destructiveHint=False,
                    idempotentHint=not each.makes,
                    openWorldHint=False,
                ),
            )
            for each in OFFERS
        ),
        asking(),
    ]
