"""The rooms that the left rail leads to."""
