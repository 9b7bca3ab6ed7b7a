"""The house rules that no linter knows."""

import ast
import re
import subprocess
import sys
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "prompts", "memory", "media", "models", "tools", "publishing", "agent", "app", "evals")
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def calls(path: Path) -> set[str]:
    """Return the names of everything that a file calls."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {f.id if isinstance(f, ast.Name) else f.attr for f in named if isinstance(f, ast.Name | ast.Attribute)}


def test_there_is_one_interrupt_in_the_project() -> None:
    interrupting = [path.relative_to(ROOT).as_posix() for path in FILES if "interrupt" in calls(path)]
    assert interrupting == ["agent/review_nodes.py"]


def test_the_checkpoint_does_nothing_before_it_waits() -> None:
    tree = ast.parse((ROOT / "agent" / "review_nodes.py").read_text())
    [node] = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "checkpoint"]
    [_doc, _import, wait, answer] = node.body
    assert isinstance(wait, ast.AnnAssign) and isinstance(answer, ast.Return)
    assert "interrupt(" in ast.unparse(wait)


def test_no_except_in_the_agents_rooms_is_broad_enough_to_swallow_an_interrupt() -> None:
    for path in FILES:
        if path.relative_to(ROOT).parts[0] not in ("agent", "tools"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "everything"
                assert caught not in ("everything", "Exception", "BaseException"), f"{path}:{node.lineno}"


def test_only_the_settings_read_the_environment() -> None:
    readers = [p for p in FILES if re.search(r"os\.environ\b|os\.getenv|environ\[", p.read_text(encoding="utf-8"))]
    others = {"app/chat_root.py", "evals/bench/children.py"}  # tells Chainlit where its files are; hands it on
    assert {p.relative_to(ROOT).as_posix() for p in readers} <= {"app/settings.py", *others}


def test_the_rooms_are_typed_formatted_and_keep_their_floors() -> None:
    for command in (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["lint-imports"]):
        done = subprocess.run(
            [str(Path(sys.executable).parent / command[0]), *command[1:]],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_in_the_default_install_is_gpl() -> None:
    seen: set[str] = set()
    wanted = ["greenroom"]
    while wanted:
        name = re.sub(r"[-_.]+", "-", wanted.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            dist = distribution(name)
        except Exception:
            continue
        wanted += [
            re.split(r"[ ;\[<>=!~(]", need, maxsplit=1)[0] for need in dist.requires or () if "extra ==" not in need
        ]
        words = " ".join([dist.metadata.get("License-Expression") or "", *(dist.metadata.get_all("Classifier") or ())])
        licences = re.findall(r"[A-Za-z0-9.+ -]*GPL[A-Za-z0-9.+-]*|GNU General Public[^:]*", words)
        assert all("LGPL" in w or "Lesser" in w for w in licences), f"{name}: {licences}"
    assert len(seen) > 50


@pytest.mark.parametrize(
    "path", ["docs/map.md", "docs/commands.md", "docs/settings.md", "docs/channels.md", "docs/evals.md"]
)
def test_the_drawn_parts_of_the_docs_are_up_to_date(path: str) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    from write_docs import filled

    assert (ROOT / path).read_text() == filled(path), "run: make docs"


def test_the_constraints_pin_what_is_installed() -> None:
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)
    here = {re.sub(r"[-_.]+", "-", d.metadata["Name"]).lower(): d.version.split("+")[0] for d in distributions()}
    off = {
        name: (pin, here[key])
        for name, pin in pins.items()
        if (key := re.sub(r"[-_.]+", "-", name).lower()) in here and here[key] != pin.split("+")[0]
    }
    assert off == {}


def test_no_prompt_stands_in_python() -> None:
    from prompts import render

    assert "Greenroom" in render("chat", workspace="W", channels=["site"], locale="en", today="2026-11-20")
    for path in FILES:
        assert "You are " not in path.read_text(encoding="utf-8"), path


def test_the_files_stay_small() -> None:
    long = {p.relative_to(ROOT).as_posix(): n for p in FILES if (n := len(p.read_text().splitlines())) > 400}
    assert long == {}
