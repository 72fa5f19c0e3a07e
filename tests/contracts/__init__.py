"""One suite for each port, on the fake and on the real thing."""
