"""Networks' own sites."""
