"""Tests of core.evidence."""
