"""The real servers that tests run against: each starts on a free port of 127.0.0.1 and leaves nothing behind."""
