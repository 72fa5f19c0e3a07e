"""The files of a run, and the locks on this PC."""
