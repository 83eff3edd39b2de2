"""EGTC register."""
