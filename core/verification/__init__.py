"""Holds facts against what was planned and against how things were before. Silence is never success."""
