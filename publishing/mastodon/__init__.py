"""What the Mastodon sender works with: an instance as one account sees it, its limits, uploads and timeline."""
