"""Folds the journal into the story of a run: the one source of screens, reports and exit codes."""
