"""Tests of core.app."""
