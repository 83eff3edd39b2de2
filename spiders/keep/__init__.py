"""keep.eu."""
