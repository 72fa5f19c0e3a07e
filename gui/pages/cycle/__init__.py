"""The patch cycle, a step a module."""
