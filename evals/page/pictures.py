"""Which figures are drawn, and what each picture compares: ours with peers, or with the bare thing."""

from collections.abc import Callable
from typing import Any

from evals.page.markdown import milliseconds, share, thousands
from evals.page.plots import Bar, Plot, bars
from evals.page.quality_layouts import ERRORS

Figures = dict[str, Any]
Peers = dict[str, dict[str, Any]]


def _beside(title: str, ours: float, peers: Peers, name: str, column: int, goal: float | None = None) -> Plot:
    rows = [(each["name"], each["figures"][column]) for each in peers[name]["rows"]]
    others = bars([(who, value, share(value)) for who, value in rows if value is not None], ours=False)
    mine = Bar("Greenroom", ours, share(ours))
    return Plot(title, (*others, mine), most=1.0, goal=None if goal is None else (goal, f"asked for: {share(goal)}"))


def _recall(figures: Figures, peers: Peers) -> Plot:
    return _beside("Earlier posts found, R@10", figures["recall"]["10"], peers, "recall", 1, 0.70)


def _locomo(figures: Figures, peers: Peers) -> Plot:
    return _beside("Turns of a dialogue found, R@10", figures["recall"]["10"], peers, "locomo", 1, 0.82)


def _voice(figures: Figures, peers: Peers) -> Plot:
    return _beside("Voice at 30 known posts, 100 words, AUC", figures["auc"]["30"]["100"], peers, "voice", 1, 0.89)


def _slop(figures: Figures, peers: Peers) -> Plot:
    news = next(value for name, value in figures["auc"].items() if "news" in name or "xsum" in name)
    return _beside("Generic writing told from people's news, AUC", news, peers, "slop", 0, 0.95)


def _tags(figures: Figures, peers: Peers) -> Plot:
    return _beside("A post's own tags among the first five", figures["r5"], peers, "tags_own", 1)


def _localization(figures: Figures, _: Peers) -> Plot:
    rows = [(ERRORS[kind][0], of["recall"], share(of["recall"])) for kind, of in figures.items()]
    return Plot("Errors of translations found, by kind", bars([row for row in rows if row[1] is not None]), most=1.0)


def _calls(figures: Figures, _: Peers) -> Plot:
    of = figures["briefs"]
    pairs: list[Bar] = []
    for key, name in (
        ("nothing_to_revise", "nothing to revise"),
        ("one_round", "one round"),
        ("two_rounds", "two rounds"),
    ):
        beside = of[key]["one_call_per_channel_and_step"]["prompt_tokens"]
        pairs.append(Bar(name, of[key]["prompt_tokens"], f"{thousands(of[key]['prompt_tokens'])} tokens"))
        pairs.append(Bar(f"{name}: a call per channel and step", beside, f"{thousands(beside)} tokens", ours=False))
    return Plot("Prompt tokens of a brief for six channels", tuple(pairs))


def _start(figures: Figures, _: Peers) -> Plot:
    names = {"help": "greenroom --help", "recall": "greenroom recall", "initialize": "greenroom mcp"}
    rows = [(f"{names[key]} / {of['against']}", of["ratio"], f"{of['ratio']:.2f}") for key, of in figures.items()]
    return Plot("Cold starts, as ratios to an import", bars(rows), goal=(1.0, "as long as the import"))


def _speed(figures: Figures, _: Peers) -> Plot:
    pairs: list[Bar] = []
    for key, name in (("chat_first_token", "first word"), ("brief", "brief")):
        for of in figures[key]:
            wait = f"model begins after {milliseconds(of['server_ms'])}" if of["server_ms"] else "model begins at once"
            ours, bare = of["ours_ms"]["median"], of["bare_ms"]["median"]
            pairs.append(Bar(f"{name}, {wait}", ours, f"{milliseconds(ours)} ({of['ratio']:.2f} times)"))
            pairs.append(Bar("the bare calls", bare, milliseconds(bare), ours=False))
    return Plot("With Greenroom, and the same calls bare (logarithmic)", tuple(pairs), least=1.0, logarithmic=True)


def _edits(figures: Figures, _: Peers) -> Plot:
    at = min(10, figures["drafts"]) - 1
    arms = figures["distance"]
    rows = [("without learning", "without"), ("with learning", "with"), ("who knew every habit", "at_best")]
    bar = [Bar(name, arms[key][at], share(arms[key][at]), ours=key == "with") for name, key in rows]
    return Plot("How far draft 10 is edited", tuple(bar))


def _timing(figures: Figures, _: Peers) -> Plot:
    rows = [row for row in figures["rows"] if row["lift"] == 2.0]
    found = [(f"{row['posts']} posts", row["right"], share(row["right"])) for row in rows]
    return Plot("An hour that gets twice as much is found", bars(found), most=1.0)


PICTURES: dict[str, Callable[[Figures, Peers], Plot]] = {
    "recall": _recall,
    "locomo": _locomo,
    "voice": _voice,
    "slop": _slop,
    "tags": _tags,
    "localization": _localization,
    "calls": _calls,
    "start": _start,
    "speed": _speed,
    "edits": _edits,
    "timing": _timing,
}
