"""Structured sources in, standard formats out."""
