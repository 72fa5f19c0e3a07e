"""Tests of core.vault."""
