"""The piece recipe's numbers, in one place. `greenroom bench briefs` measures what they are worth."""

WEIGHTS = {
    # what the texts say, as z-scores over the candidates
    "title": 0.5,  # MiniLM: the brief's title (or the query) and the work's heading
    "passage": 1.0,  # MiniLM: the query and the work's best passage
    "bm25_piece": 0.7,  # BM25 of the whole piece
    "bm25_passage": 0.7,  # BM25 of its best passage
    # what is known around them, as it is
    "same_author": 1.5,  # by how rare the author is in scope, from 0 to 1
    "shared_tags": 7.0,  # by how rare the tags are in scope, from 0 to 1 each
    "recency": 1.0,  # exp(-days / 365)
}

MOST_AUTHORS, MOST_TAGS = 1.0, 1.5
"""How much rarity counts in one work, so that a long list of tags does not outweigh what the texts say."""

CANDIDATES = 200
"""The nearest passages, and the best works by BM25, that are looked at closely: this many of each."""

MORE = 2
"""Nearest passages are asked for this many times over: Chroma's answer is not exact, what is made of it is."""

SHOWN_PASSAGES = 3
"""Passages that are shown of each work, best first."""
