"""Identifiers from registers."""
