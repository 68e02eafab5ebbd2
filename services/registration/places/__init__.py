"""Places: how many each door takes a day, who has one, who waits for one, and what becomes of a place that somebody leaves."""
