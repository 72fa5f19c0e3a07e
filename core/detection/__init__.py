"""From raw answers of targets to facts. Touches no network."""
