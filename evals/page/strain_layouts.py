"""How the figures of strain are laid out as tables: large workspaces, many people at once, senders that are killed."""

from typing import Any

from evals.page.markdown import Cell, milliseconds, share, table, thousands

Figures = dict[str, Any]
_CLASSES = {
    "K": "the platform folds a repeat by a key of ours",
    "H": "a handle whose state can be read",
    "D": "the platform refuses what is identical",
    "N": "none of these: what can't be known waits for a person",
}
_COPIES = {
    "excerpt_of_40_words": "an excerpt of 40 words",
    "excerpt_edited": "an excerpt, a tenth of it edited",
    "half_of_80_words": "40 words of 80",
    "30_of_300_words": "30 words of 300",
}


def scale(figures: Figures) -> str:
    """Return a column for each size of a workspace."""
    sizes = list(figures["sizes"].values())
    rows = [
        ["works", *(thousands(of["works"]) for of in sizes), ""],
        ["a question against raw Chroma, p95", *(f"**{of['ratio_p95']:.1f} times**" for of in sizes), "at most 4"],
        ["a question, p50, p95", *(_percentiles(of["query_ms"]) for of in sizes), "60 ms"],
        ["raw Chroma, p50, p95", *(_percentiles(of["raw_chroma_ms"]) for of in sizes), ""],
        ["importing one piece", *(f"{of['import_one_seconds']:.2f} s" for of in sizes), "0.5 s"],
        ["opening the workspace", *(f"{of['opened_seconds']:.1f} s" for of in sizes), ""],
        ["peak memory", *(f"{of['peak_gb']:.2f} GB" for of in sizes), "1.5 GB"],
    ]
    told = figures["import"]
    beside = (
        f"Importing {told['texts']} texts of 135 words reached **{share(told['share_of_encoder'])}** of the bare "
        f"encoder's throughput (asked for: .85); importing them again took {told['again_seconds']:.2f} s."
    )
    head = ["", *(f"{thousands(of['passages'])} passages" for of in sizes), "asked for"]
    return f"{table(head, rows)}\n\n{beside}"


def _percentiles(of: Figures) -> str:
    return f"{milliseconds(of['p50'])}, {milliseconds(of['p95'])}"


def load(figures: Figures) -> str:
    """Return what came of contested decisions, and how long people waited meanwhile."""
    rows: list[list[Cell]] = [
        ["decisions", figures["decisions"], ""],
        ["lost, decided twice, not decided", ", ".join(str(figures[each]) for each in _ILL), "0, 0, 0"],
        ["told that somebody was first", figures["told_they_were_second"], ""],
        ["briefs that came to drafts", f"{figures['briefs'] - figures['briefs_failed']} of {figures['briefs']}", ""],
    ]
    rows += [[name, _spread(figures[key]), goal] for name, key, goal in _WAITS]
    where = f"{figures['database']}, web processes: {figures['web_processes']}, people: {figures['reviewers']}"
    return table(["", where, "asked for"], rows)


def _spread(of: Figures) -> str:
    return f"median {milliseconds(of['median'])}, p95 {milliseconds(of['p95'])}"


_ILL = ("lost", "double", "undecided")
_WAITS = (
    ("a page of the board", "page", "p95 under 500 ms"),
    ("a card", "card", ""),
    ("a decision's round trip", "round_trip", ""),
)


def outbox(figures: Figures) -> str:
    """Return what killed senders left, and how much of it a person had to settle, by what a platform can tell."""
    ill = ("duplicates", "lost", "failed_but_live", "published_without_id", "published_but_not_live")
    rows = [
        ["runs, of these killed", f"{thousands(figures['runs'])}, {thousands(figures['killed'])}", ""],
        *([each.replace("_", " "), f"**{figures[each]}**", "0"] for each in ill),
        *(
            [f"left to a person: {said}", share(figures["left_to_a_person"][name]), ""]
            for name, said in _CLASSES.items()
        ),
    ]
    return table(["", "", "asked for"], rows)


def repeats(figures: Figures) -> str:
    """Return what is found again of copies and excerpts, among how many works and how soon."""
    rows: list[list[Cell]] = [
        [f"copies linked to their post: {name}", share(value), ""] for name, value in figures["linked_copies"].items()
    ]
    rows += [[f"drafts told what they repeat: {_COPIES[name]}", share(value), ""]
             for name, value in figures["named"].items()]  # fmt: skip
    among = f"processor time of a draft among {thousands(figures['works'])} works, p50, p95"
    rows += [
        [f"excerpts of held-out posts ({figures['new_drafts']}) told of something", len(figures["told_of_new"]), ""],
        [f"links between the {figures['posts']} real posts", figures["linked_posts"], ""],
        [among, _percentiles(figures["cpu_ms"]), "200 ms"],
    ]
    return table(["", "", "asked for"], rows)
