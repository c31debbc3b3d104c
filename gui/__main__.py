"""``python -m gui [A [B]]`` opens the window."""

import sys

from gui.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:3]))
