"""Tests of core.verification."""
