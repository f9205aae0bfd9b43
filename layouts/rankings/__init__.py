"""The page of rankings: its skeleton, and the figures of services.rankings as words and places for its scripts."""
