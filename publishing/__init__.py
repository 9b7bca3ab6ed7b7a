"""What reaches platforms, and only what a person approved."""
