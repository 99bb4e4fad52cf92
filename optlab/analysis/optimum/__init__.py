"""Which runs have a certified minimum, and how far above it they are."""
