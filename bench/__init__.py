"""Benchmarks: figures of time and memory, made by `make bench`."""
