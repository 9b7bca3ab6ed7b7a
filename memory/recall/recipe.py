"""The piece recipe's numbers, in one place. How they were measured: `greenroom bench briefs`."""

WEIGHTS = {
    # what the texts say, as z-scores over the candidates
    "title": 0.5,  # MiniLM: the brief's title and the work's heading
    "passage": 1.0,  # MiniLM: the query and the work's best passage
    "bm25_piece": 0.7,  # BM25 of the whole piece
    "bm25_passage": 0.7,  # BM25 of its best passage
    # what is known around them, as it is
    "same_author": 0.8,
    "shared_tags": 0.5,  # each, two at most
    "recency": 1.0,  # exp(-days / 365)
}

CANDIDATES = 200
"""The nearest passages, and the best works by BM25, that are looked at closely: this many of each."""

SHOWN_PASSAGES = 3
"""Passages that are shown of each work, best first."""

MORE = 2
"""Nearest passages are asked for this many times over: Chroma's answer is not exact, what is made of it is."""
