"""The command line. Thin: it parses, calls one room, prints; the server is imported late."""

from __future__ import annotations

import sys


def main() -> None:
    """The entry point: a StagewayError becomes one sentence on stderr (or JSON) and exit code 2."""
    from stageway.cli.app import app
    from stageway.cli.console import refuse
    from stageway.evidence import StagewayError

    try:
        app()
    except StagewayError as error:
        refuse(error)
        sys.exit(2)
