"""Reading feeds: bytes in, entries out. Nothing here asks the network, the database or the clock of others."""
