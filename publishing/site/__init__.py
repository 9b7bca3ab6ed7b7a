"""The own site as pure functions: a page, an index, feeds. Files are the platform's business."""
