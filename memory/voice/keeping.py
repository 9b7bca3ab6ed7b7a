"""How a voiceprint is kept: the totals as JSON, what was learnt as bytes beside them."""

import io
from typing import Any

import numpy as np

from memory.voice.profile import Voiceprint


def packed(ears: dict[str, bytes]) -> bytes | None:
    """Return what was learnt, by register, as one file; None where nothing was."""
    if not ears:
        return None
    file = io.BytesIO()
    tables: dict[str, Any] = {name: np.frombuffer(data, dtype=np.uint8) for name, data in ears.items()}
    np.savez_compressed(file, **tables)
    return file.getvalue()


def unpacked(data: object, learnt: bytes | None) -> Voiceprint:
    """Return a voiceprint as it was kept."""
    voiceprint = Voiceprint.model_validate(data)
    if not learnt:
        return voiceprint
    with np.load(io.BytesIO(learnt), allow_pickle=False) as file:
        return voiceprint.model_copy(update={"ears": {name: file[name].tobytes() for name in file.files}})
