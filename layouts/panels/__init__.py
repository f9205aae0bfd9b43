"""The wall's panels."""
