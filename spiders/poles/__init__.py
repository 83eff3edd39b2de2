"""Pôles de compétitivité."""
