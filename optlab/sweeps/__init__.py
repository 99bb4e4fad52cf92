"""How a sweep is cut into stacks, trained and kept."""
