"""The review queue in the terminal: the board's keys, without a browser."""
