"""A product folder: load, compute, judge, decide, write out. The one room above the pure ones with a clock and a disk."""
