"""Panes and view modes."""
