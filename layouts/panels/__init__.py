"""The panels of the walls, one module each."""
