"""What protects a session from what people do in it: its screens are blanked at once. Pure is the domain; then the use cases, the store and
the interface.

What must not be here: decisions on questions, frames of the feed.
"""
