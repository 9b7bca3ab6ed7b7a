"""Chat models behind one port, and the rehearsal model."""
