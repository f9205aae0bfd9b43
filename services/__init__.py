"""What it does: refresh, imports, grids, simulator, health."""
