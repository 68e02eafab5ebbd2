"""Measurements of the platform, each a figure that can be compared with another one of the same run."""
