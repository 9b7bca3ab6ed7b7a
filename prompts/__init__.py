"""The words for the model, one file a prompt."""
