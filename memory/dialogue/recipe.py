"""The dialogue recipe's numbers, in one place. `greenroom bench locomo` measures what they are worth."""

WEIGHTS = {
    # what the turns say, as z-scores over the candidates
    "meaning": 1.0,  # MiniLM: the question and the turn with its neighbours
    "words": 1.0,  # BM25 over the turn and those around it, with date and speaker
    "tokens": 1.0,  # MaxSim: each word of the question and its nearest in the turn
    "tokens_around": 1.0,  # the same over the turn and those around it
    "session": 0.5,  # BM25 of the whole sitting
    "statement": 1.0,  # a turn that only asks is not what was said about it
    # what is known around them, as it is
    "speaker": 2.0,  # 1 where the question names this speaker alone
}

NEIGHBOURS = {0: 1.0, -1: 0.7, 1: 0.3}
"""What a turn's meaning is made of: itself, the turn it answers, and the answer to it."""

WINDOW = (-2, -1, 0, 1)
"""The turns whose words count for one: "yes, the red one" is about what was said before."""

K1 = 1.2
B_WINDOW, B_SESSION = 0.4, 0.75
"""BM25. A long turn is not a turn about many things: its length counts for less than a text's."""

CANDIDATES = 200
"""The nearest turns by meaning, and the best by their words, that are looked at closely: this many of each."""

TOKEN_DIMENSIONS = 128
"""What is kept of a token's 384 numbers: a fixed projection, a byte each. As good for MaxSim, a twelfth of the room."""

SITTING_HOURS = 4
"""A longer silence in a thread begins another session."""

LONGEST = 4000
"""Characters of a turn that are remembered."""
