"""What is made before the product runs: faces cut to what it writes, and the map of the regions."""
