"""The practice fleet: imaginary servers behind real protocols, in one process."""
