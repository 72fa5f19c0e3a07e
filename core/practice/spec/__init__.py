"""What a practice fleet is like, as a scenario file says it."""
