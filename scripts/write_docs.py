"""Writes the parts of the documentation that are drawn from the code; a test checks that they are up to date."""

import ast
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))


def graphs() -> str:
    """Return the three graphs as Mermaid diagrams."""
    from agent.chat_nodes import ChatNodes
    from agent.graph import build_brief, build_chat, build_review

    crew = cast("Any", None)  # drawing runs no node
    drawn = {
        "brief": build_brief(crew),
        "review": build_review(crew),
        "chat": build_chat(ChatNodes(model=crew, tools=(), system_prompt=str, meter=crew)),
    }
    return "\n".join(
        f"### {name}\n\n```mermaid\n{graph.get_graph().draw_mermaid().strip()}\n```\n" for name, graph in drawn.items()
    )


def commands() -> str:
    """Return every command's help."""
    import typer

    from app.cli import build

    group = cast("Any", typer.main.get_command(build()))
    return "\n".join(_all(group, ""))


def _all(group: Any, prefix: str) -> list[str]:
    found = []
    for name in sorted(group.commands):
        each = group.commands[name]
        found += _all(each, f"{name} ") if hasattr(each, "commands") else [_command(prefix + name, each)]
    return found


def _command(name: str, command: Any) -> str:
    out = [f"### greenroom {name}\n", (command.help or "").strip() + "\n"]
    for parameter in command.params:
        if parameter.name in ("help", "json_", "workspace", "home"):
            continue
        option = parameter.param_type_name == "option"
        flag = ", ".join(f"`{opt}`" for opt in parameter.opts) if option else f"`{parameter.name.upper()}`"
        out.append(f"- {flag}: {(parameter.help or '').strip()}")
    if command.epilog:
        out.append(f"\n    {command.epilog.removeprefix('Example: ')}")
    return "\n".join(out) + "\n"


def _tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


def settings() -> str:
    """Return every setting with its environment names, default and meaning."""
    [house] = [node for node in _tree("app/settings.py").body if isinstance(node, ast.ClassDef)]
    meanings = {
        field.target.id: " ".join(said.value.value.split())
        for field, said in pairwise(house.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(said, ast.Expr)
        and isinstance(said.value, ast.Constant)
    }
    from app.settings import Settings

    rows = ["| setting | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        alias = cast("Any", field.validation_alias)
        names = alias.choices if alias else [f"GREENROOM_{name.upper()}"]
        default = str(field.default).replace(str(Path.home()), "~") if field.default is not None else "none"
        rows.append(f"| {', '.join(f'`{n}`' for n in names)} | {default} | {meanings[name]} |")
    return "\n".join(rows) + "\n"


def needs() -> str:
    """Return what each channel needs, as a table a channel."""
    from publishing.connecting import NEEDS

    return "\n".join(_need(name, need) for name, need in NEEDS.items() if not need.built_in)


def _need(name: str, need: Any) -> str:
    head = [f"### {need.label}\n", f"`greenroom channels add {name} --account …`: {need.account}.\n"]
    rows = [f"| `{field.name}` | {_meaning(field)} | {_kind(field)} |" for field in need.fields]
    return "\n".join([*head, "| field | what it is | |", "|---|---|---|", *rows]) + "\n"


def _meaning(field: Any) -> str:
    says = [field.help, f"one of {', '.join(field.choices)}" if field.choices else ""]
    more = "; ".join(each for each in says if each)
    return f"{field.label} ({more})" if more else str(field.label)


def _kind(field: Any) -> str:
    default = f"`{field.default}` if you say nothing" if field.default else ""
    free = "may be left out" if not field.required or field.generated else ""
    return ", ".join(each for each in ("secret" if field.secret else "", default, free) if each)


def tasks() -> str:
    """Return every task of `greenroom eval` with its figures, the fields of a case, and what it does not show."""
    from evals.harness.judging import rubrics
    from evals.tasks import tasks

    return "\n".join(_task(name, task, rubrics()) for name, task in tasks().items())


def _task(name: str, task: Any, judges: Any) -> str:
    _, cases = task.dataset()
    held = sum(case.held == "held-out" for case in cases)
    quick = f", {task.quick} of them in a quick run" if task.quick else ""
    needs = " Needs a language model." if task.needs_model else ""
    fields = {key: field for key, field in task.form.model_fields.items() if key not in ("id", "split", "creator")}
    must, may = ([f"`{key}`" for key, each in fields.items() if each.is_required() is want] for want in (True, False))
    also = f"; may have {', '.join(may)}" if may else ""
    figures = [*task.metrics, *(each for each in judges if each.task == name)]
    return "\n".join(
        [
            f"### {name}\n\n{task.says}. {len(cases)} cases, {held} held out{quick}.{needs}\n",
            "| figure | what it says | |\n|---|---|---|",
            *(f"| `{each.name}` | {each.says} | {_better(each)} |" for each in figures),
            f"\nTo bear in mind: {task.limits[0].lower()}{task.limits[1:]}\n",
            f"A case in `{task.file}` has {', '.join(must)}{also}.\n",
        ]
    )


def _better(figure: Any) -> str:
    if not hasattr(figure, "better"):
        return "with `--judge`"
    held = "a promise" if figure.hard else {1: "more is better", -1: "less is better", 0: "told only"}[figure.better]
    return f"{held}, needs a model" if figure.needs_model else held


PARTS = {
    "docs/map.md": {"graphs": graphs},
    "docs/commands.md": {"commands": commands},
    "docs/settings.md": {"settings": settings},
    "docs/channels.md": {"needs": needs},
    "docs/evals.md": {"tasks": tasks},
}


def filled(path: str) -> str:
    """Return a document with its generated parts made anew."""
    text = (ROOT / path).read_text()
    for name, make in PARTS[path].items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        head, rest = text.split(begin)
        text = f"{head}{begin}\n{make()}{end}{rest.split(end)[1]}"
    return text


if __name__ == "__main__":
    for path in PARTS:
        (ROOT / path).write_text(filled(path))
        print(f"wrote {path}")
    from evals.page import write

    for changed in write(ROOT):  # from the figures that were kept: nothing is measured
        print(f"wrote {changed}")
    subprocess.run(["git", "-C", str(ROOT), "diff", "--stat", "--", *PARTS, "docs/benchmarks.md"], check=False)
