"""What is said of a text, written out as front matter, JSON-LD, OpenGraph and Dublin Core, and read back.

What stands in a file stays: by default only what is missing is added. Nothing here touches a file.
"""

from core.metadata_files import dublin_core, front_matter, json_ld, open_graph
from core.metadata_files.fields import Existing, Fields, fields_of, with_given

__all__ = ["Existing", "Fields", "dublin_core", "fields_of", "front_matter", "json_ld", "open_graph", "with_given"]
