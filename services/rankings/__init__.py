"""Rankings of units and areas as leaders ask for them: any period, any instant, each figure with what it is made of."""
