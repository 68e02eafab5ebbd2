"""Sessions on disk: written as they are made (recorder, disk), read as a replay (replay, library). What is on disk is all that is known."""
