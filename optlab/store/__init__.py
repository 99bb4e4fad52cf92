"""The store: result folders, written in whole parts and read back."""
