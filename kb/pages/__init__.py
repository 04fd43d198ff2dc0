"""HTML for readers."""
