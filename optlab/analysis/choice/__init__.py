"""The setting that each optimizer is judged by."""
