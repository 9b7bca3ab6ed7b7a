"""The screen: what waits on the left where there is room, the thing itself, why, and the keys, always in view."""
