"""How the figures of speed and of cost are laid out as tables: each takes what its bench printed."""

from collections.abc import Sequence
from typing import Any

from evals.page.markdown import milliseconds, table, thousands

Figures = dict[str, Any]
_STARTS = {
    "help": ("`greenroom --help`", "at most 0.33"),
    "recall": ("`greenroom recall`, fresh process", "at most 0.50"),
    "initialize": ("`greenroom mcp`, answered `initialize`, whole process", "at most 2"),
}
_BRIEFS = {
    "nothing_to_revise": "nothing to revise",
    "one_round": "one round",
    "two_rounds": "two rounds",
    "versions": "three versions by hook",
    "another_locale": "another locale",
}


def start(figures: Figures) -> str:
    """Return each cold start beside the import that it is made of."""
    rows = [
        [
            said,
            f"**{of['ratio']:.2f}**",
            goal,
            f"{of['seconds']:.2f} s",
            f"`{of['against']}`, {of['against_seconds']:.2f} s",
        ]
        for name, of in figures.items()
        for said, goal in [_STARTS[name]]
    ]
    return table(["", "ratio", "asked for", "time", "against"], rows)


def speed(figures: Figures) -> str:
    """Return ratios first, then the times that they are made of, then the board."""
    rows = [
        *_rows(figures["chat_first_token"], "a message's first word"),
        *_rows(figures["brief"], "a brief to six proposals"),
    ]
    head = [
        "",
        "ratio to the bare calls (median, p95)",
        "added (median, p95)",
        "with Greenroom",
        "bare",
        "own work: ours, bare",
    ]
    return "\n\n".join((table(head, rows), start(figures["cold_starts"]), _steps(figures["brief"]), _board(figures)))


def _rows(cases: Sequence[Figures], what: str) -> list[list[str]]:
    return [
        [f"{what}; the model begins {_wait(of['server_ms'])}", f"**{of['ratio']:.2f}**, {of['ratio_p95']:.2f}",
         *(_spread(of[each]) for each in ("added_ms", "ours_ms", "bare_ms")),
         ", ".join(milliseconds(of["own_work_ms"][each]["median"]) for each in ("ours", "bare"))]
        for of in cases
    ]  # fmt: skip


def _wait(server_ms: int) -> str:
    return f"after {milliseconds(server_ms)}" if server_ms else "at once"


def _spread(of: Figures) -> str:
    return f"{milliseconds(of['median'])}, {milliseconds(of['p95'])}"


def _steps(cases: Sequence[Figures]) -> str:
    first = cases[0]
    rows = [[name, milliseconds(took)] for name, took in first["steps_ms"].items() if took >= 10]
    about = (
        f"Where a brief's time goes ({first['calls']} calls, {thousands(first['prompt_tokens']['ours'])} prompt tokens"
    )
    return f"{about}; medians; the model begins {_wait(first['server_ms'])}):\n\n{table(['step', 'lasts'], rows)}"


def _board(figures: Figures) -> str:
    of = figures["board"]
    rows = [[name, _spread(of[key])] for name, key in _CROWD]
    about = f"The board, {of['proposals']} proposals, {of['people']} people at once"
    return f"{about}; {of['lost']} decisions lost, {of['twice']} twice:\n\n{table(['', 'median, p95'], rows)}"


_CROWD = (("a page of the board", "page"), ("a card", "card"), ("a decision", "decision"))


def board(figures: Figures) -> str:
    """Return what one person does by keys, and what many see who look and decide at once."""
    rows: list[list[object]] = []
    if by_keys := figures["browser"]:
        rows += [
            [
                f"{by_keys['decisions']} decisions, from opening the board",
                f"{by_keys['keys']} keys, {by_keys['seconds']} s",
            ],
            ["round trip of a decision in the browser", _named(by_keys["round_trip"])],
        ]
    about = f"{figures['proposals']} proposals, {figures['people']} people at once: "
    rows += [[(about if at == 0 else "") + name, _named(figures[key])] for at, (name, key) in enumerate(_CROWD)]
    return table(["", ""], [*rows, ["decisions lost, twice", f"{figures['lost']}, {figures['twice']}"]])


def _named(of: Figures) -> str:
    return f"median {milliseconds(of['median'])}, p95 {milliseconds(of['p95'])}"


def calls(figures: Figures) -> str:
    """Return calls and tokens of each kind of brief beside a call for each channel and step."""
    rows = []
    for name, of in figures["briefs"].items():
        beside = of["one_call_per_channel_and_step"]
        locales = of["calls"] - of["without_locales"]
        count = f"**{of['without_locales']}** + {locales}" if locales else f"**{of['calls']}**"
        rows.append([
            _BRIEFS[name], count, thousands(of["prompt_tokens"]), thousands(of["cacheable_tokens"]),
            f"{beside['calls']} calls, {thousands(beside['prompt_tokens'])} tokens", f"at most {of['ceiling']}",
        ])  # fmt: skip
    head = ["", "calls", "prompt tokens", "of these cacheable", "one call per channel and step", "asked for"]
    return table(head, rows)


def slack(figures: Figures) -> str:
    """Return how soon each kind of request is acknowledged."""
    rows = [
        [kind.replace("_", " "), *(milliseconds(of[each]) for each in ("median", "p95", "worst"))]
        for kind, of in figures["acknowledged_ms"].items()
    ]
    about = f"{figures['requests']} of each kind, {figures['at_once']} at once, Slack's own API answering after"
    limit = f"Slack waits {milliseconds(figures['limit_ms'])}; the worst took {milliseconds(figures['worst_ms'])}."
    said = table(["request", "median", "p95", "worst"], rows)
    return f"{about} {figures['slack_answers_after_s']:g} s:\n\n{said}\n\n{limit}"


def forget(figures: Figures) -> str:
    """Return how long a work and a source take to go, and what is still there of them."""
    source = figures["source"]
    rows = [
        ["a work", _seconds(figures["cpu_seconds"]), f"**{_seconds(figures['seconds'])}**", "at most 5 s"],
        [f"a source of {source['works']} works", _seconds(source["cpu_seconds"]), _seconds(source["seconds"]), ""],
        ["bytes of their sentences and vectors left in the home", f"**{figures['found_bytes']}**", "", "0"],
    ]
    return table(["", "own work", "by the clock", "asked for"], rows)


def _seconds(value: float) -> str:
    return f"{value:.1f} s"
