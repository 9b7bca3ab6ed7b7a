"""What is evaluated: a model by the name of its endpoint, the prompts, and what is left out."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import get_args

import prompts
from app.endpoints import read_endpoints
from app.settings import Settings
from core.base import Noun
from core.errors import BadInput, NotFound
from models.config import ModelConfig
from tools.context import Part

REHEARSAL = "rehearsal"
FAKE = "fake-"
"""How the names of models begin that are scripts of ours: what only a real model could show is not measured there."""

_NAMES = "See the names in prompts/: copy the ones that you want to change."
PARTS: tuple[Part, ...] = get_args(Part)
ROOMS = ("core", "prompts", "memory", "media", "models", "tools", "publishing", "agent", "app", "evals")
_ROOT = Path(__file__).parents[2]


class Candidate(Noun):
    """One configuration of the product. `config` is None for the rehearsal model."""

    endpoint: str = REHEARSAL
    config: ModelConfig | None = None
    prompts: Path | None = None
    without: tuple[Part, ...] = ()

    @property
    def model(self) -> str:
        """The model's own name: what every figure carries."""
        return str(self.config.model) if self.config and self.config.model else REHEARSAL

    @property
    def is_model(self) -> bool:
        """Whether it is a language model: not the rehearsal model, and no script."""
        return self.model != REHEARSAL and not self.model.startswith(FAKE)

    @property
    def label(self) -> str:
        """How reports name it."""
        return self.endpoint + "".join(f" without {part}" for part in self.without)

    @contextmanager
    def words(self) -> Iterator[None]:
        """Use its prompts while the context lasts. Raises BadInput where its folder holds none, or one that is none."""
        with ExitStack() as words:
            if self.prompts:
                try:
                    words.enter_context(prompts.over(self.prompts))
                except FileNotFoundError as error:
                    raise BadInput(f"{error}.", _NAMES) from None
                _can_be_filled(self.prompts)
            yield

    @property
    def identity(self) -> str:
        """What decides its answers, as one string: a kept outcome of another identity is another outcome."""
        config = self.config.model_dump_json(exclude={"api_key"}) if self.config else REHEARSAL
        return f"{config}|{_words(self.prompts)}|{','.join(sorted(self.without))}|{source_digest()}"


def candidate(
    settings: Settings, endpoint: str, *, own: Path | None = None, without: tuple[str, ...] = ()
) -> Candidate:
    """Return what a name stands for: `rehearsal`, or an endpoint of the settings. Raises NotFound that names them."""
    parts = tuple(part for part in PARTS if part in without)
    if unknown := sorted(set(without) - set(PARTS)):
        raise BadInput(f"{unknown[0]!r} is no part that can be left out.", f"There are: {', '.join(PARTS)}.")
    if endpoint == REHEARSAL:
        return Candidate(prompts=own, without=parts)
    known = {each.name: each for each in read_endpoints(settings).endpoints}
    if endpoint not in known:
        names = ", ".join([REHEARSAL, *known])
        raise NotFound(f"There is no model endpoint called {endpoint!r}.", f"There are: {names}. See docs/models.md.")
    return Candidate(endpoint=endpoint, config=known[endpoint], prompts=own, without=parts)


@lru_cache(maxsize=1)
def source_digest() -> str:
    """Return a hash of everything that runs here: after a change, nothing that was kept is taken for its result."""
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((_ROOT / room).rglob("*")):
            if (
                path.suffix in (".py", ".md", ".yaml", ".json", ".gz", ".txt", ".j2")
                and "__pycache__" not in path.parts
            ):
                digest.update(str(path.relative_to(_ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _can_be_filled(folder: Path) -> None:
    """Raise BadInput for a file that no prompt is called as (ours would be measured for it), or that is no template."""
    from jinja2 import TemplateSyntaxError

    for path in sorted(folder.rglob("*.md")):
        if path.name == "README.md":
            continue
        if not prompts.is_known(path.relative_to(folder)):
            raise BadInput(f"{path}: no prompt is called so: ours would be measured in its place.", _NAMES)
        try:
            prompts.parse(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise BadInput(f"{path} can't be read: {error}.", "Save it as UTF-8.") from None
        except TemplateSyntaxError as error:
            raise BadInput(
                f"{path}, line {error.lineno}: {error.message}", "Compare it with ours in prompts/."
            ) from None


def _words(folder: Path | None) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.md")) if folder else ():
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())  # type: ignore[arg-type]
    return digest.hexdigest()[:16]
