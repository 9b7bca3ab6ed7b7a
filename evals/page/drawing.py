"""From kept figures, peers and prose to docs/benchmarks.md and its pictures: nothing is measured here."""

import json
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals.page import layouts, pictures, plots
from evals.page.markdown import flat, share, table
from evals.page.taking import BENCHES, KEPT

PAGE = Path("docs/benchmarks.md")
_HERE = Path(__file__).parent
PEERS: dict[str, dict[str, Any]] = yaml.safe_load((_HERE / "peers.yaml").read_text(encoding="utf-8"))


class Kept:
    """The figures that were kept, as the page's words ask for them."""

    def __init__(self, root: Path) -> None:
        self.records: dict[str, dict[str, Any]] = {
            name: json.loads(path.read_text(encoding="utf-8"))
            for name in BENCHES
            if (path := root / KEPT / f"{name}.json").exists()
        }

    def has(self, name: str) -> bool:
        """Say whether a bench's figures were kept."""
        _known(name)
        return name in self.records

    def figures(self, name: str) -> Any:
        """Return what a bench printed."""
        return self.records[name]["figures"]

    def table(self, name: str) -> str:
        """Return a bench's figures as a table."""
        layout = layouts.LAYOUTS.get(name)
        return layout(self.figures(name)) if layout else flat(self.figures(name))

    def taken(self, name: str) -> str:
        """Return when, how and on what the figures were taken."""
        record, held, of = self.records[name], self.records[name]["held"], self.records[name]["machine"]
        on = f"{of['cores']} cores ({of['processor']}), {of['memory_gib']} GiB, {of['system']}, Python {of['python']}"
        said = (
            f"*Taken {record['taken']} in {record['seconds']} s by `{record['command']} --json` of version "
            f"{record['version']}, on {on}, at a load of {of['load']}: [the figures](benchmarks/{name}.json).*"
        )
        return said if held else f"{said} **What this bench promises was not kept.**"

    def shown(self, name: str) -> str:
        """Return a bench's picture, its table, and when and how the figures were taken."""
        if not self.has(name):
            return f"*No figures of it are kept: `make benchmarks ONLY={name}` takes them.*"
        picture = self.pictures().get(name)
        seen = f"![{picture.title}: {picture.words}](benchmarks/{name}.svg)\n\n" if picture else ""
        return f"{seen}{self.table(name)}\n\n{self.taken(name)}"

    def pictures(self) -> dict[str, plots.Plot]:
        """Return each picture that the kept figures make."""
        return {name: draw(self.figures(name), PEERS) for name, draw in pictures.PICTURES.items() if self.has(name)}


def peers(name: str) -> str:
    """Return what others reach, with where each figure is from."""
    about = PEERS[name]
    rows = [[each["name"], *map(share, each["figures"]), each["how"], each["source"]] for each in about["rows"]]
    drawn = table(["peer", *about["columns"], "how it is known", "source"], rows)
    return f"{drawn}\n\n{about['note']}" if "note" in about else drawn


def by_hand(day: str) -> str:
    """Return the line under figures of a run that `make benchmarks` does not make: other data, another database."""
    return f"*Written down by hand {day}, from what the command above printed on these; its JSON was not kept.*"


def drawn(root: Path) -> dict[Path, str]:
    """Return what the page and its pictures should hold, by their paths under `root`."""
    kept = Kept(root)
    words = Environment(
        loader=FileSystemLoader(_HERE), undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True,
        lstrip_blocks=True, autoescape=False,
    )  # fmt: skip
    words.globals.update(
        shown=kept.shown, peers=peers, by_hand=by_hand,
    )  # fmt: skip
    page = {PAGE: words.get_template("benchmarks.md.j2").render()}
    return page | {KEPT / f"{name}.svg": plots.drawn(plot) for name, plot in kept.pictures().items()}


def write(root: Path) -> list[Path]:
    """Write the page and its pictures; return those that changed."""
    changed = []
    for path, text in drawn(root).items():
        target = root / path
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def _known(name: str) -> None:
    if name not in BENCHES:
        raise KeyError(f"the page asks for {name!r}, which is no bench")
