"""Tests of core.practice.tds."""
