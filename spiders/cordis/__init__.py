"""CORDIS: search and project XML, and its twin."""
