"""The rules of the safety guard, by what they find. `kb.core.safety` puts them together."""
