"""ECCP: lists and profiles, and its twin."""
