"""Judges facts: what is allowed and needed, by which rule."""
