"""Side-by-side benchmarks: our work, the floor under it and a peer beside it, in one run on one machine."""
