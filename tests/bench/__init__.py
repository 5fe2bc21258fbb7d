"""Benchmarks: ratios measured side by side in one run. They are no tests and stand in no test run."""
