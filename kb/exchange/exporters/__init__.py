"""What leaves the knowledge base: pure functions from rows and answers to standard forms."""
