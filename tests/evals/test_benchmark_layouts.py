"""Tables of the page say what the benches printed: each layout over figures in the shape of its bench."""

from typing import Any

import pytest

from evals.page.drawing import PEERS
from evals.page.layouts import LAYOUTS
from evals.page.pictures import PICTURES
from evals.page.plots import drawn

_SPREAD = {"count": 2, "median": 20.0, "p95": 1500.0}
_RECALL = {"5": 0.628, "10": 0.7154, "20": 0.8}
_BRIEF = {
    "calls": 7, "without_locales": 7, "ceiling": 8, "stages": {"plan": 1, "draft": 6}, "prompt_tokens": 45034,
    "cacheable_tokens": 29440, "shared_prefix_bytes": 20000,
    "one_call_per_channel_and_step": {"calls": 12, "prompt_tokens": 70300},
}  # fmt: skip
_START = {"seconds": 0.34, "against": "import langgraph.graph", "against_seconds": 2.34, "ratio": 0.15, "runs": 5}
_PAIRED = {
    "ratio": 2.5,
    "ratio_p95": 3.5,
    "added_ms": _SPREAD,
    "ours_ms": _SPREAD,
    "bare_ms": _SPREAD,
    "own_work_ms": {"ours": _SPREAD, "bare": _SPREAD},
}
_BOARD = {"proposals": 300, "people": 8, "page": _SPREAD, "card": _SPREAD, "decision": _SPREAD, "lost": 0, "twice": 0}
_TAGS = {"posts": 402, "p1": 0.689, "r5": 0.831, "commonest": {"p1": 0.321, "r5": 0.47}}
_GROUNDING = {
    "cases": 200, "seed": 7, "recall": {"number": 0.98, "name": 1.0}, "missed": 1, "false_alarms": 0.01,
    "accused_of": {}, "excerpts": {"drafts": 371, "with_findings": 26},
}  # fmt: skip
FIGURES: dict[str, dict[str, Any]] = {
    "recall": {"queries": 127, "recall": _RECALL, "ndcg10": 0.562,
               "text_only": {"recall": _RECALL | {"10": 0.62}, "ndcg10": 0.505}},
    "locomo": {"questions": 997, "recall": {"5": 0.796, "10": 0.861}, "recall_cat1to4": {"5": 0.772, "10": 0.832},
               "by_category": {"1": {"questions": 150, "recall": {"5": 0.415, "10": 0.544}}}},
    "voice": {"auc": {"30": {"40": 0.852, "100": 0.948}}, "pooled_auc": {}, "authors": {"30": 6}, "posts": 919,
              "calibration": {"0-20": {"texts": 100, "theirs": 0.07}, "20-40": {"texts": 0, "theirs": None}},
              "interval_holds": {"40": 0.88}},
    "slop": {"auc": {"xsum": 0.958}, "one_class": {"llm_essay": 83.1}, "words": 100, "texts": 1038,
             "relative": {"xsum": {"works": 75, "auc": 0.96, "false_alarms": 0.03, "hits": 0.8,
                                   "hits_at_5_percent": 0.86}},
             "hits_at_5_percent": 0.86, "worst_false_alarms": 0.03, "false_alarms_general": {"xsum": 0.027},
             "non_native": {}},
    "localization": {"url": {"recall": 1.0, "false_alarms": 0.045},
                     "truncation": {"recall": None, "false_alarms": 0.0}},
    "tags": {**_TAGS, "settled_at": 10, "by_uses": {"1": _TAGS, "10": _TAGS}},
    "grounding": _GROUNDING,
    "grounding_posts": _GROUNDING,
    "edits": {"creators": 10, "drafts": 10, "seed": 0, "change_at_10": -0.7, "best_at_10": -0.75, "rules": 68,
              "distance": {"with": [0.031] * 10, "without": [0.103] * 10, "at_best": [0.02] * 10},
              "false": [], "false_rules": 0.0, "drift_recovered_in": 3},
    "timing": {"creators": 500, "false_claims": {"share": 0.032, "worst_row": 0.044}, "rows": [
        {"world": "no hour is better", "lift": 1.0, "posts": 30, "enough": 1.0, "right": 0.0, "wrong": 0.026},
        {"world": "one cell gets twice as much", "lift": 2.0, "posts": 30, "enough": 1.0, "right": 0.11, "wrong": 0.02},
    ]},
    "start": {"help": _START},
    "speed": {"ratios": {}, "machine": {}, "cold_starts": {"help": _START}, "board": _BOARD,
              "chat_first_token": [{"server_ms": 0, **_PAIRED}, {"server_ms": 1000, **_PAIRED}],
              "brief": [{"server_ms": 0, **_PAIRED, "calls": 7, "proposals": 6,
                         "prompt_tokens": {"ours": 44156, "bare": 44156},
                         "steps_ms": {"Checking the drafts": 728.5, "Translating": 1.0}}]},
    "board": {**_BOARD, "decided": 48, "refused": [],
              "browser": {"decisions": 12, "keys": 12, "seconds": 2.4, "round_trip": _SPREAD}},
    "calls": {"channels": ["x"], "tokens": "", "kept": True, "briefs": {
        "nothing_to_revise": _BRIEF, "one_round": _BRIEF, "two_rounds": _BRIEF,
        "another_locale": {**_BRIEF, "calls": 9},
    }},
    "forget": {"passages": 10000, "works": 2000, "seconds": 0.8, "cpu_seconds": 0.7, "found_bytes": 0,
               "source": {"works": 50, "seconds": 1.7, "cpu_seconds": 1.5}},
    "gate": {"runs": 500, "doors": {"chat": 9, "mcp": 4}, "unapproved": 0, "bad": []},
    "slack": {"requests": 100, "at_once": 8, "slack_answers_after_s": 2.0, "worst_ms": 1500.0, "limit_ms": 3000.0,
              "kept": True, "acknowledged_ms": {"block_actions": {"median": 20.0, "p95": 84.4, "worst": 1500.0}}},
    "scale": {"sizes": {"10000": {"passages": 12000, "works": 2000, "opened_seconds": 0.56, "ratio_p95": 2.1,
                                  "query_ms": {"p50": 22.1, "p95": 27.3}, "raw_chroma_ms": {"p50": 11.8, "p95": 13.0},
                                  "import_one_seconds": 0.33, "peak_gb": 0.41}},
              "import": {"texts": 240, "share_of_encoder": 0.96, "again_seconds": 0.01}},
    "load": {"reviewers": 50, "decisions": 150, "told_they_were_second": 149, "lost": 1, "double": 2, "undecided": 3,
             "briefs": 20, "briefs_failed": 1, "page": _SPREAD, "card": _SPREAD, "round_trip": _SPREAD,
             "database": "sqlite", "web_processes": 1},
    "outbox": {"runs": 2000, "killed": 1849, "duplicates": 0, "lost": 1, "failed_but_live": 0,
               "published_without_id": 0, "published_but_not_live": 0,
               "left_to_a_person": {"K": 0.0, "H": 0.0, "D": 0.0, "N": 0.35}},
    "repeats": {"posts": 444, "works": 10000, "linked_posts": 2, "new_drafts": 189, "told_of_new": [{}, {}],
                "named": {"excerpt_of_40_words": 1.0, "excerpt_edited": 0.99, "half_of_80_words": 1.0,
                          "30_of_300_words": 1.0},
                "cpu_ms": {"p50": 57.2, "p95": 148.4}, "linked_copies": {"edited": 1.0, "cut": 1.0}},
}  # fmt: skip
ROWS = {
    "recall": "| Greenroom, text only | .628 | .620 | .800 | .505 | 127 |",
    "locomo": "| category 1, several turns | .415 | .544 | 150 |",
    "voice": "| 30 | .852 | .948 | 6 |",
    "slop": "| people's texts called raised: general | .027 |",
    "localization": "| link (a warning) | 1.000 | .045 |  |",
    "tags": "| **10** | 402 | .689 | .831 | .321 | .470 |",
    "grounding": "26 of 371 excerpts that people wrote are told something.",
    "grounding_posts": "| .980 | 1.000 | .010 | 200 |",
    "edits": "At draft 10 of seed 0: **−70 %** (at best −75 %); 0 of 68 rules false;",
    "timing": "| one cell gets twice as much: found | .110 |",
    "start": "| `greenroom --help` | **0.15** | at most 0.33 | 0.34 s | `import langgraph.graph`, 2.34 s |",
    "speed": "| a message's first word; the model begins after 1.00 s | **2.50**, 3.50 | 20 ms, 1.50 s |",
    "board": "| 300 proposals, 8 people at once: a page of the board | median 20 ms, p95 1.50 s |",
    "calls": "| another locale | **7** + 2 | 45,034 | 29,440 | 12 calls, 70,300 tokens | at most 8 |",
    "forget": "| a source of 50 works | 1.5 s | 1.7 s |  |",
    "gate": "| unapproved | 0 |",
    "scale": "| a question, p50, p95 | 22 ms, 27 ms | 60 ms |",
    "load": "| lost, decided twice, not decided | 1, 2, 3 | 0, 0, 0 |",
    "outbox": "| lost | **1** | 0 |",
    "repeats": "| excerpts of held-out posts (189) told of something | 2 |",
    "slack": "| block actions | 20 ms | 84 ms | 1.50 s |",
}


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_a_table_says_what_its_bench_printed(name: str) -> None:
    lines = LAYOUTS[name](FIGURES[name]).splitlines()
    assert any(line.startswith(ROWS[name]) for line in lines), "\n".join(lines)
    tables = [line.count("|") for line in lines if line.startswith("|")]
    assert len(tables) >= 3 and min(tables) >= 3


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_picture_shows_our_figure_in_words_too(name: str) -> None:
    plot = PICTURES[name](FIGURES[name], PEERS)
    assert any(bar.ours for bar in plot.bars) and all(bar.said in plot.words for bar in plot.bars)
    assert drawn(plot).startswith("<svg")
