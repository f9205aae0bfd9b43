"""What can be chosen: settings, cities, walls, scores, mappings, texts. Strict, checked at start."""
