"""Makes a studio with a small creator in it, for tests of the whole way."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from app.founding import Wanted, found
from app.settings import Settings
from app.studio import Studio

LETTERS = {
    "2024-03-01-tide-tables.md": (
        "Who owns the tide tables",
        "harbours, tides",
        "The harbour office printed the tide tables until 1987. After that nobody was sure whose job it was. "
        "Marit kept them in a biscuit tin on the shelf above the stove, and copied them out by hand every March.\n\n"
        "I asked her why. She said that a boat that trusts last year's table goes aground in this year's mud. "
        "The tin has a picture of a church on it, and the lid does not close.\n\n"
        "Nobody owns the tide, which is why everyone writes it down.",
    ),
    "2024-06-14-fog-signal.md": (
        "The fog signal at Ferder",
        "lighthouses, sound",
        "The fog signal at Ferder sounded twice a minute. You could set a clock by it, and some did. "
        "When it was switched off in 2005 the dogs on the island barked for two days.\n\n"
        "A sound that stops is louder than a sound that starts. I have the last recording on a cassette, "
        "and it is mostly wind.",
    ),
    "2025-02-02-ferry.md": (
        "A timetable nobody printed",
        "ferries, harbours",
        "The small ferry left when Olav had finished his coffee. There was a timetable, but it hung inside the kiosk, "
        "and the kiosk was closed in winter. People learned to watch his window instead.\n\n"
        "In the spring of 2025 the county sent a sign with the departures on it. Olav read it twice and said it was "
        "good to know when he would be leaving.",
    ),
    "2025-09-20-kelp.md": (
        "Kelp, by weight",
        "kelp, work",
        "They burned the kelp in stone rings along the beach and sold the ash by weight. It took 22 tonnes of wet kelp "
        "to make one tonne of ash. The smoke got into the bread.\n\n"
        "The rings are still there if you know where to look. Children think they were made for games.",
    ),
}

CHANNELS = ("bluesky", "mastodon", "linkedin", "x", "newsletter", "site")
ASK = "Announce an episode about the woman who kept the tide tables in a biscuit tin"


def write_letters(folder: Path) -> Path:
    """Write the small creator's letters as Markdown files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (title, tags, body) in LETTERS.items():
        front = f"---\ntitle: {title}\ndate: {name[:10]}\ntags: [{tags}]\nauthor: Ines\n---\n\n"
        (folder / name).write_text(front + body + "\n", encoding="utf-8")
    return folder


def make_studio(
    tmp_path: Path, clock: Callable[[], datetime], *, letters: bool = True, endpoint: str | None = None, **settings: Any
) -> Studio:
    """Open a studio on a new home; the caller closes it."""
    chosen = Settings(home=tmp_path / "home", model=endpoint, **settings)
    found(chosen, Wanted(name="Small harbour", timezone="Europe/Oslo", locale="en"), clock=clock)
    studio = Studio.open(chosen, clock=clock)
    if letters:
        studio.import_paths([write_letters(tmp_path / "letters")])
    return studio


def sat_down_at(studio: Studio, name: str) -> Studio:
    """Return the same studio with somebody else at its terminal: without members, whoever sits there is the owner."""
    return Studio(studio.settings.model_copy(update={"user": name}), studio.memory, clock=studio.clock)
