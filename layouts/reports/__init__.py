"""Reports on paper: what a page says is decided here, where it stands in templates/*.typ."""
