"""The comparison engine. Never imports Qt."""
