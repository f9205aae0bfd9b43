"""Measures the budgets of the design on this machine: `make bench`, or `make bench-quick` in three minutes."""
