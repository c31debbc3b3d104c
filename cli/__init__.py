"""The command line, over core alone."""
