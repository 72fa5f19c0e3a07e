"""The tabs of the settings."""
