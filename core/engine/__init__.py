"""Carries plans out: walks without input and output, and what performs their effects."""
