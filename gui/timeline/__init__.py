"""What lies below the pictures of a sequence: filmstrip, ruler, curves and events."""
