"""What the LinkedIn sender works with: its versioned interface, what its answers mean, and image uploads."""
