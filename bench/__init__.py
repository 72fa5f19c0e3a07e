"""Measures what the product promises. Each module here but the command itself is one bench: it yields figures."""
