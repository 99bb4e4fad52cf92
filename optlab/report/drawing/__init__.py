"""How figures are drawn and stored."""
