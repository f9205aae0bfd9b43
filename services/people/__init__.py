"""People of a city: signing in, passwords, accounts, and posts that are changed by two persons."""

from services.people.people import People

__all__ = ["People"]
