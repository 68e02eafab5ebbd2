"""The door of the room: tickets, who was let in, who left. Pure are codes and domain; then the tickets themselves, the use cases, the
store and the interface.

What must not be here: who may register and how many, the pages, how a code is drawn.
"""
