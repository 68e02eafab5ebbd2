"""Streams that are fetched: an operator names an address for a stage, and while no encoder sends there, viewers see what it gives."""
