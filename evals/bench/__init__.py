"""Benchmarks: figures on given data, through the product's own code."""
