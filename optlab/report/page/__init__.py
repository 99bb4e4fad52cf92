"""The page: tables, findings and the text around the figures."""
