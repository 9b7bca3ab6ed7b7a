"""The IDE's door: the Model Context Protocol over `Studio`. It proposes and shows; only a person decides."""
