"""Drawing invented maps: lines that look grown, cells that tile, and the rows a store keeps of them."""
