"""Upstream: a public knowledge base for AI accountability."""
