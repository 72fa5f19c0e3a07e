"""Tests of what is known about updates."""
