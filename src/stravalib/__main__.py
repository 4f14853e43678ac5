"""Run ``python -m stravalib``: the command line."""

from __future__ import annotations

import sys

from stravalib.cli import main

if __name__ == "__main__":
    sys.exit(main())
