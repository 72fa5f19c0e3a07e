"""Tests of the measuring command."""
