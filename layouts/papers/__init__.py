"""Documents as they are printed (A4): pure functions from words to HTML. The same HTML is the preview on a sheet."""
