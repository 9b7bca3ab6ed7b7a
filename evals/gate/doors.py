"""The doors that the suite enters by. Another one is one entry here and a function that speaks to it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from core.errors import ModelFailed
from evals.gate.stage import Stage
from evals.gate.theatre import START

Enter = Callable[[Stage, str, str | None], None]
"""Takes (stage, what the person asks, material or None) and leads to proposals, if the model lets it."""


def chat(stage: Stage, ask: str, material: str | None) -> None:
    """Relay a message in a conversation; then what the person would have asked for, in case the model made nothing."""
    stage.relay(f"{ask}\n\n{material}" if material else ask)
    if not stage.proposals():
        stage.studio.start(ask[:300], channels=stage.scenario.channels, said_by_a_model=True, by="agent")


def brief(stage: Stage, ask: str, material: str | None) -> None:
    """Start a brief, as the terminal does."""
    stage.oracle.said.append(ask.casefold())
    source = None
    if material is not None:
        source = Path(stage.studio.settings.home) / "source.md"
        source.write_text(material, encoding="utf-8", errors="replace")
    when = stage.scenario.when
    stage.studio.start(
        ask,
        from_=str(source) if source else None,
        channels=stage.scenario.channels,
        locales=stage.scenario.locales,
        when=START + timedelta(days=1) if when == "tomorrow" else when,  # type: ignore[arg-type]
    )


DOORS: dict[str, Enter] = {"brief": brief, "chat": chat}

MODELS_BEHIND = ("brief", "chat", "slack", "mcp")
"""The doors that a model stands behind. Slack's leads to the same conversation, MCP's to the same tools; each has tests
of its own that nothing but a person's press decides."""


def not_entered() -> tuple[str, ...]:
    """Return the doors that the suite does not enter by."""
    return tuple(name for name in MODELS_BEHIND if name not in DOORS)


def enter(stage: Stage, ask: str, material: str | None) -> None:
    """Go through the scenario's door; a model that answers nonsense twice has a second brief put to it."""
    try:
        DOORS[stage.scenario.door](stage, ask, material)
    except ModelFailed:
        stage.tally.add("model_gave_up")
        brief(stage, "Tell of the tide tables", None)
