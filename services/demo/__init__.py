"""The demo city: invented, made whole from one seed, and kept living."""
