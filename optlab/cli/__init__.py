"""The commands: optlab, optlab-report and optlab-data."""
