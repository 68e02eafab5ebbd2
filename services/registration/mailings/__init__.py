"""Messages to many: an organiser's own words, reminders before the start, what moved. Each leaves once for each person, also over several
processes and after one of them was killed; it can be paused, resumed and stopped, and says how far it is."""
