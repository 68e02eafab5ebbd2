"""The team: links of their own, and the proof by which operators sign in besides."""
