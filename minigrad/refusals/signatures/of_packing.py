"""``nn.utils.rnn``: what its functions ask of their arguments."""

PACKING = """
pack_padded_sequence!: > _pack_padded_sequence(Tensor input, any _, bool batch_first)
pad_packed_sequence!: > _pad_packed_sequence(any _, any _, bool batch_first, Number padding_value)
pad_sequence!: > pad_sequence(any _, bool batch_first, float padding_value, str padding_side)
"""
