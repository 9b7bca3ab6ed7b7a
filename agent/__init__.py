"""The LangGraph graphs: what happens in which order, and the one place that waits for a person."""
