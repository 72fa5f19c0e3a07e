"""Imaginary hosts in a time that the test moves."""
