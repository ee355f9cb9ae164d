"""One file = one format: each writer turns a `Document` into a file and decides nothing about what stands in it."""
