"""Runs: their history, and each of them down to a step and what its installer wrote."""
