"""Plain functions on files: what a picture is, and the rendition of it that a channel takes."""
