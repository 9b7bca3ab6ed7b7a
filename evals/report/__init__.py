"""What a run came to, for people: a table, one self-contained page, a comparison, the gate, the history."""
