"""Style, icons, samples, recipes and report templates."""
