"""How the figures of quality are laid out as tables: each takes what its bench printed."""

from typing import Any

from evals.page.markdown import share, table

Figures = dict[str, Any]
ERRORS = {
    "placeholder": ("placeholder", ".99 at .01"),
    "url": ("link (a warning)", ""),
    "handle": ("handle", ".99 at .01"),
    "hashtag": ("hashtag", ".99 at .01"),
    "emoji": ("emoji", ".99 at .01"),
    "number": ("number", ".99 at .01"),
    "dnt": ("do-not-translate term", ".99 at .01"),
    "untranslated": ("left untranslated: a segment", ".98"),
    "sentence": ("left untranslated: one sentence", ".98"),
    "language": ("another language", ".99"),
    "doubled": ("doubled word", ""),
    "end_punctuation": ("mark at the end (a warning)", ""),
    "truncation": ("cut at 40-70 %", ".90"),
}
"""What a kind of error is called, and what was asked for: found, at so many false alarms."""


def recall(figures: Figures) -> str:
    """Return a row with the brief's author and tags, and one of its text alone."""
    rows = [
        ("**Greenroom, with the brief's author and tags**", figures),
        ("Greenroom, text only", figures["text_only"]),
    ]
    depths = list(figures["recall"])
    head = ["", *(f"R@{depth}" for depth in depths), "nDCG@10", "briefs"]
    many = figures["queries"]
    found = [[name, *(share(of["recall"][each]) for each in depths), share(of["ndcg10"]), many] for name, of in rows]
    return table(head, found)


def locomo(figures: Figures) -> str:
    """Return a row for all questions, for those that have an answer, and for each category."""
    says = {"1": "several turns", "2": "time", "3": "common knowledge", "4": "one turn", "5": "what was never said so"}
    rows = [("**Greenroom, all questions**", figures["recall"], figures["questions"])]
    rows += [("**Greenroom, categories 1-4**", figures["recall_cat1to4"], "")]
    rows += [
        (f"category {key}, {says.get(key, '')}".strip(", "), of["recall"], of["questions"])
        for key, of in sorted(figures["by_category"].items())
    ]
    depths = list(figures["recall"])
    return table(
        ["", *(f"R@{depth}" for depth in depths), "questions"],
        [[name, *(share(of[each]) for each in depths), many] for name, of, many in rows],
    )


def voice(figures: Figures) -> str:
    """Return AUC by known posts and length, then what share of each fifth of the scale was the author's own."""
    lengths = list(next(iter(figures["auc"].values())))
    auc = table(
        ["known posts", *(f"{each} words" for each in lengths), "authors"],
        [
            [many, *(share(of[each]) for each in lengths), figures["authors"][many]]
            for many, of in figures["auc"].items()
        ],
    )
    fifths = figures["calibration"]
    said = table(
        ["score", *fifths], [["the author's own", *(share(each["theirs"]) for each in fifths.values())],
                             ["texts", *(each["texts"] for each in fifths.values())]],
    )  # fmt: skip
    held = ", ".join(
        f"{share(value)} of the {length}-word texts" for length, value in figures["interval_holds"].items()
    )
    return f"{auc}\n\n{said}\n\nThe interval of a shorter text held the score of its longest version for {held}."


def slop(figures: Figures) -> str:
    """Return AUC by domain, hits at 5 %, and how often people are called raised."""
    relative = figures["relative"]
    rows: list[list[object]] = [
        ["AUC against other people's texts", *(share(each) for each in figures["auc"].values())],
        ["AUC against the source's own", *_of(relative, "auc", figures["auc"])],
        ['of the models\' texts above the source\'s level of one in twenty ("hits at 5 %")',
         *_of(relative, "hits_at_5_percent", figures["auc"])],
        ["people's texts called raised: general", *_from(figures["false_alarms_general"], figures["auc"])],
        ["the same, against the source's own", *_of(relative, "false_alarms", figures["auc"])],
    ]  # fmt: skip
    said = table(["", *figures["auc"]], rows)
    alone = ", ".join(f"{name} {value:.0f}" for name, value in figures["one_class"].items())
    return f"{said}\n\nMean score where no people's texts stand beside them: {alone}." if alone else said


def _of(relative: Figures, key: str, domains: Figures) -> list[str]:
    return [share(next((of.get(key) for name, of in relative.items() if domain in name), None)) for domain in domains]


def _from(alarms: Figures, domains: Figures) -> list[str]:
    return [share(next((value for name, value in alarms.items() if domain in name), None)) for domain in domains]


def localization(figures: Figures) -> str:
    """Return recall and false alarms by the kind of error."""
    return table(
        ["error", "found", "false alarms", "asked for"],
        [
            [named, share(of["recall"]), share(of["false_alarms"]), goal]
            for kind, of in figures.items()
            for named, goal in [ERRORS[kind]]
        ],
    )


def tags(figures: Figures) -> str:
    """Return a creator's own tags beside the commonest ones, by how often a tag was used before."""
    rows = [
        [
            f"**{uses}**" if int(uses) == figures["settled_at"] else uses, of["posts"], share(of["p1"]),
            share(of["r5"]), share(of["commonest"]["p1"]), share(of["commonest"]["r5"]),
        ]
        for uses, of in figures["by_uses"].items()
    ]  # fmt: skip
    head = ["earlier uses", "posts", "first tag right", "of a post's tags, among the first five"]
    return table([*head, "the commonest tags: first", "among five"], rows)


def grounding(figures: Figures) -> str:
    """Return what was found of what was made up, by kind, and how many honest drafts were accused."""
    kinds = figures["recall"]
    people = figures["excerpts"]
    rows = [[*(share(each) for each in kinds.values()), share(figures["false_alarms"]), figures["cases"]]]
    said = table([*kinds, "honest drafts accused", "drafts of each sort"], rows)
    told = f"{people['with_findings']} of {people['drafts']} excerpts that people wrote are told something."
    return f"{said}\n\n{told}" if people["drafts"] else said


def edits(figures: Figures) -> str:
    """Return the distance of drafts from what they became, with and without learning, draft by draft."""
    arms = figures["distance"]
    numbers = range(1, figures["drafts"] + 1)
    rows = [[name.replace("_", " "), *(share(each) for each in arms[name])] for name in ("without", "with", "at_best")]
    said = table(["draft", *map(str, numbers)], rows)
    change, best = figures["change_at_10"], figures["best_at_10"]
    return (
        f"{said}\n\nAt draft 10 of seed {figures['seed']}: **{_percent(change)}** (at best {_percent(best)}); "
        f"{len(figures['false'])} of {figures['rules']} rules false; a drift is made up for after "
        f"{figures['drift_recovered_in']} drafts. {figures['creators']} creators."
    )


def _percent(value: float) -> str:
    return f"{value * 100:+.0f} %".replace("-", "−")


def timing(figures: Figures) -> str:
    """Return false claims where no hour is better, and what is found where one is, by number of posts."""
    counts = sorted({row["posts"] for row in figures["rows"]})
    worlds = list(dict.fromkeys((row["world"], row["lift"]) for row in figures["rows"]))
    cells = {(row["world"], row["posts"]): row for row in figures["rows"]}
    rows = [
        [f"{world}: {'one is claimed' if lift == 1 else 'found'}",
         *(share(cells[world, count]["wrong" if lift == 1 else "right"]) for count in counts)]
        for world, lift in worlds
    ]  # fmt: skip
    claims = figures["false_claims"]
    worst = share(claims["worst_row"])
    said = f"Over all looks without a better hour **{share(claims['share'])}** are false (the worst row: {worst})."
    return f"{table(['posts:', *map(str, counts)], rows)}\n\n{said}"


def gate(figures: Figures) -> str:
    """Return the counts of a hostile run, and through how many doors; what stands for each door is in the figures."""
    counts = [[name.replace("_", " "), value] for name, value in figures.items() if isinstance(value, int)]
    return table(["", ""], [*counts, ["doors attacked", len(figures["doors"])]])
