"""Wikidata."""
