"""The lowest layer: what every other layer may use and what knows none of them."""
