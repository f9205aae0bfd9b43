"""交接班: the shift as the books tell it, the sheet somebody signs, and the moment it becomes somebody else's."""
