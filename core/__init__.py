"""One engine for every face: what Drydock knows and does, without a window."""
