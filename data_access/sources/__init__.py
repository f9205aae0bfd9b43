"""Readers of case files: rows in, nothing decided."""
