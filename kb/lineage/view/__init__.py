"""The picture of an answer: group, lay out, draw. Pure values in, SVG out."""
