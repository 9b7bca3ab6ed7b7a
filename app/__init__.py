"""The doors, and the only wiring."""
