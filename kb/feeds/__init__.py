"""Feeds in: polling, reading, recognising which records an entry is about, and an inbox for editors."""
