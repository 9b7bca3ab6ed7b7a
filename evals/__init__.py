"""Measures the product through its own faces."""
