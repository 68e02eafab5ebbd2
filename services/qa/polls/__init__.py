"""Polls of a session: what is asked (domain), what each state means (life), what people answer (answers), what comes of it (results); then
the use cases, the store, the counting and the interface.

Pure are domain, life, answers and results. What must not be here: questions of the audience, frames of the feed.
"""
