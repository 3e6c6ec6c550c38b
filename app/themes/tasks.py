"""Jobs of this feature."""
