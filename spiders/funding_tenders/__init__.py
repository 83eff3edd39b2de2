"""Funding and Tenders portal."""
