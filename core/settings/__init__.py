"""Configuration files: their form, their faults, and the frozen values that the rest of the core sees."""
