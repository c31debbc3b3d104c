"""The window: Qt widgets, no image maths."""
