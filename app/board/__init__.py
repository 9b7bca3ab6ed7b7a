"""The web board: what waits, everything needed to decide it, and one key for each decision."""
