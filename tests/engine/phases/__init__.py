"""Tests of a walk's phases."""
