"""Everything that is remembered; the only room that knows SQL and Chroma."""
