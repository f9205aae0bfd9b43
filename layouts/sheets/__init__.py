"""Work sheets of the desk: forms with what they will cause beside them (DESIGN_LANGUAGE §13)."""
