"""What happens when someone acts: pages, routes, commands."""
