"""The evaluation harness: tasks over the product's own faces, run by Inspect, told with intervals, gated in CI."""
