"""Tests of core.detection."""
