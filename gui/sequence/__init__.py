"""Sequences in the window: opened, watched, played and shown on the timeline."""
