"""Real clients against real trouble."""
