"""What the model may call: a tool may propose, none may publish."""
