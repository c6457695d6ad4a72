"""``python -m minigrad.classroom``."""

import sys

from .nbgrader_class import main

if __name__ == "__main__":
    sys.exit(main())
