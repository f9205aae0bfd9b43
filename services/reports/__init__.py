"""The figures of the reports leaders receive, and the books of cells they can be recomputed from."""
