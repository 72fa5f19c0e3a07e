"""Reports for people, from the record of a run alone."""
