"""Raised hands of a session: who asks to speak, in the order in which they asked. Pure is the domain; then the use cases, the store and the
interface.

What must not be here: who comes to the table and how, frames of the feed.
"""
