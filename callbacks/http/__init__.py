"""Plain Flask routes: live events, views, figures, map data, health."""
