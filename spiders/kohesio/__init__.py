"""Kohesio."""
