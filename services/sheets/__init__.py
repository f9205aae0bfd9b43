"""What the work sheets show: each module computes one sheet's data from the case and the fields written so far."""
