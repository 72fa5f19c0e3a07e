"""Scenarios of the practice fleet."""
