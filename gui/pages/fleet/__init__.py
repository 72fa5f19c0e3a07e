"""Fleet: all hosts in a grid, and a page for each."""
