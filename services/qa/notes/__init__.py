"""Notes between the moderators and the chair of a session: short, with a receipt, gone with the session. Pure is the domain; then the use
cases, the store and the interface.

What must not be here: messages to the audience.
"""
