"""Static checks that no ready-made tool does."""
