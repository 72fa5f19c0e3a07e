"""A run while somebody watches it: how it stands, its hosts, the log, and what may be asked of it."""
