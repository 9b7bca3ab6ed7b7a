"""The templates' one environment: everything is escaped, a missing value is an error."""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

HERE = Path(__file__).parent
ASSETS = HERE / "assets"


def render(template: str, **values: Any) -> str:
    """Return a template's text."""
    return _environment().get_template(template).render(**values)


def json_script(value: Any) -> "Markup":
    """Return JSON that can stand in a `<script>` block: no character of it can close the block or start another."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["json_script"] = json_script
    return environment
