"""`greenroom bench calls`: how many calls one brief makes, and what they send, beside a call for each channel and step.

The product's own client asks a scripted server on loopback over HTTP. What that server answers means nothing; how
often it is asked, and with how much, is what is counted.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr

from app.founding import Wanted, found
from app.settings import Settings
from app.studio import Studio
from evals.bench.calls.counting import beside, cacheable, shared_bytes
from evals.bench.calls.server import BYTES_PER_TOKEN, KEY, MODEL, Asked, Script, serving
from evals.sample import brief_source, folder, workspace

CHANNELS = ("bluesky", "mastodon", "linkedin", "x", "newsletter", "site")
LOCALE = "de"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

CALLS, CEILING = 8, 10
"""For six channels: where nothing is revised, and with every revision there may be. Locales come on top."""

Progress = Callable[[str, int, int], None]


def run(channels: Sequence[str] = CHANNELS, progress: Progress | None = None) -> dict[str, Any]:
    """Return for each kind of brief its calls and prompt tokens; `kept` says whether none is above its ceiling."""
    cases: dict[str, dict[str, Any]] = {
        "nothing_to_revise": {},
        "one_round": {"flawed": 1},
        "two_rounds": {"flawed": 2},
        "versions": {"variants": 3, "vary": "hook"},
        "another_locale": {"locales": [workspace().locale, LOCALE]},
    }
    figures: dict[str, Any] = {}
    with TemporaryDirectory(prefix="greenroom-bench-") as home:
        imported(Path(home))
        for number, (name, case) in enumerate(cases.items(), start=1):
            asked = _asked(Path(home), channels, **case)
            figures[name] = _figures(asked, channels, CALLS if name == "nothing_to_revise" else CEILING)
            if progress:
                progress("briefs", number, len(cases))
    return {
        "channels": list(channels),
        "tokens": f"bytes / {BYTES_PER_TOKEN}: a real server counts its own",
        "briefs": figures,
        "kept": all(each["without_locales"] <= each["ceiling"] for each in figures.values()),
    }


def imported(home: Path) -> None:
    """Found the sample creator's workspace in `home` and import their works."""
    sample = workspace()
    mine = settings(home)
    found(mine, Wanted(name=sample.name, timezone=sample.timezone, locale=sample.locale), clock=lambda: NOW)
    studio = Studio.open(mine, clock=lambda: NOW)
    try:
        studio.import_paths([folder()])
    finally:
        studio.close()


def settings(home: Path, url: str | None = None) -> Settings:
    """Return settings that say all of what decides where calls go, so that the environment has no part in it."""
    return Settings(
        home=home / "home", database_url=None, chroma_url=None, embedding_model="minilm", models="", translator=None,
        model=MODEL if url else None, model_url=url, api_key=SecretStr(KEY) if url else None, workspace=None,
    )  # fmt: skip


def _asked(home: Path, channels: Sequence[str], *, flawed: int = 0, **wished: Any) -> list[Asked]:
    """Take one brief through the product and return every call it made."""
    script = Script(flawed=flawed)
    with serving(script) as url:
        studio = Studio.open(settings(home, url), clock=lambda: NOW)
        try:
            result = studio.start(workspace().ask, from_=str(brief_source()), channels=channels, **wished)
            recorded = studio.memory.usage.total(studio.workspace.id, brief_id=result.brief_id)
        finally:
            studio.close()
    if recorded.model_calls != len(script.asked):  # the record is what budgets and `usage` go by
        raise RuntimeError(f"{len(script.asked)} calls came, and {recorded.model_calls} are recorded")
    return script.asked


def _figures(asked: Sequence[Asked], channels: Sequence[str], ceiling: int) -> dict[str, Any]:
    stages = Counter(each.task for each in asked)
    of_locales = stages["localize"] + stages["backtranslate"]
    return {
        "calls": len(asked),
        "without_locales": len(asked) - of_locales,
        "ceiling": ceiling,
        "stages": dict(stages),
        "prompt_tokens": sum(each.tokens for each in asked),
        "cacheable_tokens": cacheable([each.prompt for each in asked]),
        "shared_prefix_bytes": shared_bytes(asked),
        "one_call_per_channel_and_step": beside(asked, channels),
    }
