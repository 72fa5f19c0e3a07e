"""What is said to a target: scripts, their parameters and results, known by the hash of their text."""
