"""How a benchmark's figures are told."""

import json
from typing import Any

from app.cli.door import Door


def tell(door: Door, figures: dict[str, Any]) -> None:
    """Answer with the figures."""
    door.answer(figures, lambda console: console.print_json(json.dumps(figures)))
