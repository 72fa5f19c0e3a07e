"""Tests of core.practice.answers."""
