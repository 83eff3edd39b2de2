"""EU Transparency Register."""
