"""What the functions of PyTorch that are written in Python call."""

INNER = """
cdist: (Tensor x1, Tensor x2, float p=, int? compute_mode=)
split_with_sizes: (Tensor input, int[] split_sizes, int dim=)
tensordot: (Tensor input, Tensor other, int[] dims_self, int[] dims_other, *, Tensor? out=)
split: (Tensor input, int split_size, int dim= | Tensor input, int[] split_size, int dim=)
linalg_vector_norm: (Tensor x, Number ord=, int[1]? dim=, bool keepdim=, *, dtype? dtype=,
    Tensor? out=)
"""
