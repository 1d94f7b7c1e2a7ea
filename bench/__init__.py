"""Measurements that are too long for the test suite; each prints a table and writes it into docs/benchmarks.md."""
