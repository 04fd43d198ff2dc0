"""A small installation whose workers are killed: kb.jobs, and work with effects that can be counted."""
