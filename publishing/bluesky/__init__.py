"""What the Bluesky sender is made of: record keys, records, sessions, and the AT Protocol's way of asking over HTTP."""
