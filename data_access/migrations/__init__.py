"""Alembic's home: one linear history."""
