"""The phases of one host's walk, a module each."""
