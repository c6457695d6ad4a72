"""``%load_ext minigrad``: magics, and a picture of the graph around a failed backward pass."""
