"""The words in a picture's file and beside it: XMP and IPTC, read and written; the picture itself is not touched."""

from media.metadata.exif import Shot
from media.metadata.face import Said, label_of, read_said, read_sidecar, same_picture, sidecar, with_words

__all__ = ["Said", "Shot", "label_of", "read_said", "read_sidecar", "same_picture", "sidecar", "with_words"]
