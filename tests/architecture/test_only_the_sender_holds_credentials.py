"""Platform credentials exist only in the sending process: neither the model, nor a tool, nor the graph's needs them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AGENTS_ROOMS = ("agent", "tools", "models", "prompts", "core", "memory")
BACKSTAGE = (
    "publishing.credentials",
    "publishing.desk",
    "publishing.dispatcher",
    "publishing.platforms",
    "publishing.backstage",
    "keyring",
    "cryptography",
)


def imports(path: Path) -> set[str]:
    """Return every module and name that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


def files(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def test_the_agents_rooms_import_nothing_that_holds_or_uses_credentials() -> None:
    faces = ("publishing.Desk", "publishing.open_desk", "publishing.PLATFORMS", "publishing.Credentials")
    for path in files("agent", "tools", "models", "prompts", "core"):
        off = [each for each in imports(path) if each.startswith((*BACKSTAGE, *faces, "publishing.Secret"))]
        assert off == [], path


def test_importing_the_agent_brings_no_sender_and_no_credentials() -> None:
    code = f"""
import sys
import agent.graph, agent.crew, agent.brief_nodes, agent.review_nodes, agent.chat_nodes, agent.freezing, agent.threads
import publishing, publishing.wire.compose, models.open, tools.draft, app.studio, app.briefing, app.reviewing
print([name for name in sys.modules if name.startswith({BACKSTAGE!r}) and not name.startswith("cryptography")])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_vault_is_opened_in_one_place_and_used_in_few() -> None:
    opening, using = set(), set()
    for path in files(*AGENTS_ROOMS, "publishing", "app", "evals"):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open_credentials":
                opening.add(name)
            if isinstance(node, ast.Attribute) and node.attr == "credentials" and name.startswith(("app/", "evals/")):
                using.add(name)
    assert opening == {"app/studio.py"}
    assert using == {"app/studio.py", "app/connecting.py"}


WHOLE_WAY = """
import sys
from pathlib import Path

home, vault = Path(sys.argv[1]), str(Path(sys.argv[1]) / "vault")

def closed(*_given, **_named):
    raise AssertionError("credentials were opened")

def watch(event, given):
    if event in ("open", "os.listdir", "os.scandir") and str(given[0]).startswith(vault):
        raise AssertionError(f"{event} {given[0]}")

import publishing.credentials
import publishing.credentials.vault
publishing.credentials.open_credentials = publishing.credentials.vault.open_credentials = closed
publishing.credentials.vault.Vault.__init__ = closed
for name in ("keyring", "publishing.platforms", "publishing.desk"):
    sys.modules[name] = None  # importing it fails
sys.addaudithook(watch)

from app.settings import Settings
from app.studio import Studio

studio = Studio.open(Settings(home=home))
result = studio.start("Announce an episode about the woman who kept the tide tables", channels=("bluesky", "site"))
verbs = []
for proposal in result.proposals:
    if proposal.channel == "bluesky":
        studio.document(proposal.id)
        revised = studio.decide(proposal.id, "edit", proposal.sha, body="Marit kept the tide tables in a tin.")
        proposal = next(each for each in studio.pending() if each.channel == "bluesky")
    done = studio.decide(proposal.id, "approve", proposal.sha)
    verbs.append((proposal.channel, done.decision.verb))
answers = list(studio.converse("t1", "What did I say about tide tables?"))
states = sorted((each.channel, each.state) for each in studio.publications())
studio.close()
print(sorted(verbs), states, bool(answers))
"""


@pytest.mark.slow
def test_a_brief_and_its_decisions_work_where_credentials_cant_be_opened(tmp_path: Path) -> None:
    """The vault's folder can't be read, its code can't be called, and nothing that sends can be imported."""
    from datetime import UTC, datetime

    from tests.making import make_studio

    studio = make_studio(tmp_path, lambda: datetime.now(UTC))
    home = studio.settings.home
    studio.close()
    (home / "vault").mkdir(mode=0o000)
    (home / "vault").chmod(0o000)
    done = subprocess.run(
        [sys.executable, "-c", WHOLE_WAY, str(home)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert (
        done.stdout.strip()
        == str([("bluesky", "approve"), ("site", "approve")])
        + " "
        + str([("bluesky", "scheduled"), ("site", "scheduled")])
        + " True"
    )
