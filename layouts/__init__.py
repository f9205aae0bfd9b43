"""What it looks like: pages, panels, ids."""
