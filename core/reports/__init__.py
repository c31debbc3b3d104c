"""Report formats, one file each: a file declares SUFFIX, TITLE and `write`."""
