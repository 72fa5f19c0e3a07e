"""Tests and checks, laid out like the source tree."""
