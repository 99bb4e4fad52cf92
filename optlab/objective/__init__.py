"""The cost that optimizers minimise, and what they may ask of it."""
