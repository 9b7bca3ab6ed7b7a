"""What the X sender works with: its API v2, uploads in chunks, and texts as X gives them back."""
