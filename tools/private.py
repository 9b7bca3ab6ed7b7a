"""What is private goes to no hosted translator."""

from collections.abc import Iterable

from core.errors import PrivateMaterial
from models import Meter
from tools.context import Context


def refuse_private(context: Context, meter: Meter, texts: Iterable[str]) -> None:
    """Raise PrivateMaterial before anything that is marked private would go to a hosted translator."""
    translator = context.translator
    if translator is None or translator.kind == "on_premises":
        return
    secrets = context.memory.privacy.secrets(meter.workspace)
    if meter.errand("localize").private or any(secrets.found_in(text) for text in texts):
        raise PrivateMaterial(
            f"This is marked private, and {translator.where} is hosted. Nothing was sent.",
            "Use a translator on your own premises (docs/localization.md), or translate the segments yourself.",
        )
