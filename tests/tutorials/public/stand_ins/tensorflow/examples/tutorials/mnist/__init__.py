"""Only the way to the data set that some programs for PyTorch take from TensorFlow."""
