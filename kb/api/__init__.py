"""The REST interface: the only importer of rest_framework."""
