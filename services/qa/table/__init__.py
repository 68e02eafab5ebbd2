"""The table: who is called in by camera and voice. Seats with their states, what the two ends of a call say to each other, which studio
page speaks for a session, by which servers the two ends find each other. Pure are life, seat, domain, studio, consent and ice; then the
use cases, the store and the interface.

What must not be here: sound and pictures, frames of the feed.
"""
