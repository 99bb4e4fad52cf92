"""What the trained models do."""
