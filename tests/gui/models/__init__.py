"""Rows in their tables."""
