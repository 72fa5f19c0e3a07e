"""Tests of core.contract."""
