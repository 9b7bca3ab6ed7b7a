"""A real agent host (qwen-code, which nobody here wrote), driven by a scripted model, finds our tools and calls them.

    python -m tests.counterparts.ide.host NODE_MODULES HOST_MODULES

The model is ours (tests/fakes). It was asked to approve, and the host runs every tool without asking (`--yolo`).
One JSON object on stdout; exit 1 where a tool was not found or called, or anything was decided.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.studio import utc_now
from tests.fakes.openai_server import KNOWN, OpenAIServer, Say, openai_server
from tests.making import make_studio

TIMEOUT_S = 180
OPENAI = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL")
PREFIX = "mcp__greenroom__"
ASK = "Announce an episode about the woman who kept the tide tables in a biscuit tin"
SCRIPT = (
    ("recall", {"query": "tide tables in a biscuit tin"}),
    ("brief", {"ask": ASK, "channels": ["x"]}),
    ("drafts", {}),
)
KNOWN.update(
    {"top_p", "presence_penalty", "frequency_penalty", "seed", "user", "metadata", "reasoning", "enable_thinking"}
)


def main(modules: Path, host: Path) -> int:
    """Run the host once; return the exit code."""
    with TemporaryDirectory(prefix="greenroom-host-") as name, openai_server() as model:
        folder = Path(name)
        studio = make_studio(folder, utc_now)
        waiting = studio.start("Announce an episode about the fog signal", channels=["x"]).proposals[0]
        model.script(*(Say(calls=[(PREFIX + tool, arguments)]) for tool, arguments in SCRIPT))
        model.script(Say(calls=[(f"{PREFIX}ask_for_decision", {"proposal_id": waiting.id})]), Say("It is done."))
        done = _run(_node(modules), host, folder, studio.settings.home, model)
        told = _told(model) | {
            "exit": done.returncode,
            "waits": [each.state for each in studio.pending()],
            "decisions": sum(each.kind == "decision" for each in studio.memory.ledger.entries()),
        }
        studio.close()
    found, called = set(told["found"]), told["answers"]
    told["ok"] = bool(
        {each for each, _ in SCRIPT} | {"ask_for_decision"} <= found
        and set(called) >= {each for each, _ in SCRIPT}
        and "Who owns the tide tables" in called["recall"]
        and "Nothing was decided" in called.get("ask_for_decision", "")
        and told["waits"] == ["waiting", "waiting"]
        and told["decisions"] == 0
    )
    if not told["ok"]:
        told["says"] = (done.stdout + done.stderr)[-2000:]
    print(json.dumps(told, indent=2, ensure_ascii=False))
    return int(not told["ok"])


def _told(model: OpenAIServer) -> dict[str, Any]:
    """Return which of our tools the model was told of, and what each call of it was answered."""
    first = json.dumps(model.journal[0]) if model.journal else ""
    answers: dict[str, str] = {}
    for body in model.journal:
        names: dict[str, str] = {}
        for message in body["messages"]:
            names |= {each["id"]: each["function"]["name"] for each in message.get("tool_calls") or ()}
            if message["role"] == "tool":
                name = names.get(message["tool_call_id"], "").removeprefix(PREFIX)
                answers[name] = json.dumps(message["content"], ensure_ascii=False)[:400]
    found = sorted(set(re.findall(PREFIX + "([a-z_]+)", first)))
    return {"found": found, "answers": answers, "asked": len(model.journal)}


def _run(node: str, host: Path, folder: Path, home: Path, model: OpenAIServer) -> subprocess.CompletedProcess[str]:
    ours = {
        "command": sys.executable,
        "args": ["-c", "from app.cli import main; main()", "mcp", "--home", str(home)],
        # a host hands its own environment on: without these, its model would be ours too
        "env": {"PYTHONPATH": str(Path.cwd()), "OMP_NUM_THREADS": "1"} | dict.fromkeys(OPENAI, ""),
        "trust": True,
    }
    kept = folder / ".qwen"
    kept.mkdir()
    settings = {
        "mcpServers": {"greenroom": ours},
        "security": {"auth": {"selectedType": "openai"}},
        "privacy": {"usageStatisticsEnabled": False},
        "telemetry": {"enabled": False},
    }
    (kept / "settings.json").write_text(json.dumps(settings))
    env = {
        "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "HOME": str(folder),
        **dict(zip(OPENAI, (model.key, model.base_url, "fake-1"), strict=True)),
    }
    program = host / "@qwen-code/qwen-code/cli.js"
    words = ["-p", "Announce my new episode and approve it.", "--yolo", "--output-format", "json"]
    command = [node, str(program), *words]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
        env=env,
        cwd=folder,
        stdin=subprocess.DEVNULL,
    )


def _node(modules: Path) -> str:
    return next((str(each) for each in modules.glob("node-linux-*/bin/node")), "node")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
