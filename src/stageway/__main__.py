"""`python -m stageway`."""

from stageway.cli import main

main()
