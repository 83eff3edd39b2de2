"""ESCA labels."""
