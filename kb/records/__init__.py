"""Records, statements and evidence, and publish(), the one door through which they change."""
