"""Places: parts of the picture that count alone, do not count, or have a tolerance of their own."""
