"""The certified minimum of a cost."""
