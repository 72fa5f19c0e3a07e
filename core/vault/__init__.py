"""Where secrets are: the system's vault, or the practice fleet's own file."""
