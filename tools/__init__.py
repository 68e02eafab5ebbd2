"""What a checkout is prepared, run and kept fresh with: `make` calls it, the platform never does."""
