"""Editions, the chain of changes and the guard: what makes every public change logged. It knows no record."""
