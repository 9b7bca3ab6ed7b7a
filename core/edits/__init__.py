"""What a person's edit of a draft shows about how they write: pure, deterministic, by comparing the two texts.

Start at `lessons.py` (what one edit says), `standing.py` (when a rule holds) and `applying.py` (rules on a text).
"""
