"""The lineage engine: pure Python and numpy, but for `load.py`."""
