"""Settings: the configuration as forms, the vault, and whether this computer is ready."""
