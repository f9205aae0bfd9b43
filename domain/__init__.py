"""What is true: rules, figures and the snapshot. Standard library only; the time is handed in."""
