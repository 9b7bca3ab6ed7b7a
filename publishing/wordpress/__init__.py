"""What the WordPress sender works with: the site's REST interface, and the draft that becomes the post."""
