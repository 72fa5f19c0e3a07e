"""From verdicts to a plan."""
