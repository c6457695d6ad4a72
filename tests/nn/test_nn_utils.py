"""nn.init, nn.utils, and what modules refuse: each test for minigrad and for PyTorch."""

import copy
import math

import pytest
from refusal import refused

# --- initialisation -------------------------------------------------------------------------------


def test_gains_and_fans(m):
    init = m.nn.init
    assert init.calculate_gain("relu") == math.sqrt(2) and init.calculate_gain("tanh") == 5 / 3
    assert init.calculate_gain("leaky_relu", 0.2) == math.sqrt(2 / 1.04)
    assert init._calculate_fan_in_and_fan_out(m.zeros(4, 3, 2, 2)) == (12, 16)
    with refused(ValueError, "Unsupported nonlinearity gelu"):
        init.calculate_gain("gelu")
    with refused(ValueError, "Fan in and fan out can not be computed for tensor with fewer than"):
        init.xavier_uniform_(m.zeros(3))
    with refused(ValueError, "Mode fan not supported, please use one of ['fan_in', 'fan_out']"):
        init.kaiming_normal_(m.zeros(3, 2), mode="fan")
    with refused(ValueError, "Only tensors with 2 or more dimensions are supported"):
        init.orthogonal_(m.zeros(3))
    with refused(ValueError, "Only tensors with 3, 4, or 5 dimensions are supported"):
        init.dirac_(m.zeros(3, 2))


def test_initialising_is_not_recorded(m):
    weight = m.nn.Parameter(m.zeros(2, 2))
    assert m.nn.init.ones_(weight) is weight
    assert weight.is_leaf and weight.requires_grad and weight.sum() == 4
    m.manual_seed(1)
    a = m.nn.init.normal_(m.zeros(3), generator=m.Generator().manual_seed(5))
    b = m.nn.init.normal_(m.zeros(3), generator=m.Generator().manual_seed(5))
    assert m.equal(a, b)


def test_a_model_initialised_by_apply(m):
    def start(part):
        if isinstance(part, m.nn.Linear):
            m.nn.init.xavier_uniform_(part.weight)
            part.bias.data.fill_(0.01)

    m.manual_seed(0)
    net = m.nn.Sequential(m.nn.Linear(2, 3), m.nn.ReLU(), m.nn.Linear(3, 1)).apply(start)
    bound = math.sqrt(6 / 5)
    assert net[0].weight.abs().max() <= bound and (net[0].bias == 0.01).all()


# --- gradients and parameters ---------------------------------------------------------------------


def with_gradients(m, *gradients):
    params = [m.zeros(len(g), requires_grad=True) for g in gradients]
    for p, g in zip(params, gradients):
        p.grad = m.tensor(g)
    return [*params, m.zeros(1, requires_grad=True)]  # the last one has no gradient


def test_clip_grad_norm(m):
    clip = m.nn.utils.clip_grad_norm_
    params = with_gradients(m, [3.0, 0.0], [4.0])
    assert clip(params, 10.0).item() == 5.0 and params[0].grad.tolist() == [3, 0]
    assert clip(params, 1.0).item() == 5.0
    assert params[1].grad.item() == pytest.approx(0.8, rel=1e-5) and params[2].grad is None
    params = with_gradients(m, [3.0, 1.0])
    assert clip(params[0], 1.0, norm_type=math.inf).item() == 3.0
    assert clip(with_gradients(m, [3.0, -1.0])[0], 1.0, norm_type=1).item() == 4.0
    assert clip([m.zeros(1, requires_grad=True)], 1.0).item() == 0.0
    params = with_gradients(m, [math.inf])
    with refused(RuntimeError, "The total norm of order 2.0 for gradients from `parameters` is n"):
        clip(params, 1.0, error_if_nonfinite=True)
    assert params[0].grad.item() == math.inf


def test_clip_grad_value(m):
    params = with_gradients(m, [3.0, -0.5], [-4.0])
    assert m.nn.utils.clip_grad_value_(params, 1.0) is None
    assert params[0].grad.tolist() == [1, -0.5] and params[1].grad.tolist() == [-1]


def test_parameters_as_one_vector(m):
    net = m.nn.Linear(2, 3)
    vector = m.nn.utils.parameters_to_vector(net.parameters())
    assert vector.shape == (9,) and vector.requires_grad
    m.nn.utils.vector_to_parameters(m.arange(9.0), net.parameters())
    assert net.weight.tolist() == [[0, 1], [2, 3], [4, 5]] and net.bias.tolist() == [6, 7, 8]
    assert net.weight.is_leaf and net.weight.requires_grad
    with refused(TypeError, "expected torch.Tensor, but got: "):
        m.nn.utils.vector_to_parameters([1.0], net.parameters())


def symmetric(m):
    class Symmetric(m.nn.Module):
        def forward(self, w):
            return w.triu() + w.triu(1).t()

        def right_inverse(self, w):
            return w.triu()

    return Symmetric()


def test_parametrizations(m):
    tools = m.nn.utils.parametrize
    layer = m.nn.Linear(2, 2)
    weight = layer.weight
    assert tools.register_parametrization(layer, "weight", symmetric(m)) is layer
    assert tools.is_parametrized(layer) and not tools.is_parametrized(layer, "bias")
    assert m.equal(layer.weight, layer.weight.t()) and not layer.weight.is_leaf
    assert [n for n, _ in layer.named_parameters()] == ["bias", "parametrizations.weight.original"]
    assert layer.parametrizations.weight.original is weight
    layer(m.ones(1, 2)).sum().backward()
    assert weight.grad.tolist() == [[1, 2], [0, 1]]
    layer.weight = m.tensor([[1.0, 2.0], [2.0, 3.0]])
    assert weight.tolist() == [[1, 2], [0, 3]]
    assert repr(layer).startswith("ParametrizedLinear(\n  in_features=2, out_features=2, bias=True")
    twin = copy.deepcopy(layer)
    assert m.equal(twin.weight, layer.weight)
    tools.remove_parametrizations(layer, "weight")
    assert repr(layer) == "Linear(in_features=2, out_features=2, bias=True)"
    assert layer.weight is weight and weight.tolist() == [[1, 2], [2, 3]]
    with refused(ValueError, "Module 'Linear(in_features=2, out_features=2, bias=True)' does not"):
        tools.register_parametrization(layer, "w", symmetric(m))
    with refused(ValueError, "Module Linear(in_features=2, out_features=2, bias=True) does not h"):
        tools.remove_parametrizations(layer, "weight")
    with refused(ValueError, "Registering a parametrization may not change the shape of the tens"):
        tools.register_parametrization(layer, "weight", m.nn.Linear(2, 3))
    assert layer.weight is weight


def test_spectral_norm_bounds_the_largest_singular_value(m):
    m.manual_seed(0)
    layer = m.nn.utils.parametrizations.spectral_norm(m.nn.Linear(4, 3))
    for _ in range(20):
        layer(m.ones(1, 4))
    largest = m.linalg.svdvals(layer.weight.detach())[0].item()
    assert largest == pytest.approx(1.0, rel=1e-3)


# --- sequences ------------------------------------------------------------------------------------


def test_pad_and_unpad(m):
    rnn = m.nn.utils.rnn
    rows = [m.tensor([1, 2, 3]), m.tensor([4]), m.tensor([5, 6])]
    padded = rnn.pad_sequence(rows, batch_first=True, padding_value=-1)
    assert padded.tolist() == [[1, 2, 3], [4, -1, -1], [5, 6, -1]]
    assert rnn.pad_sequence(rows).tolist() == [[1, 4, 5], [2, 0, 6], [3, 0, 0]]
    left = rnn.pad_sequence(rows, batch_first=True, padding_side="left")
    assert left.tolist() == [[1, 2, 3], [0, 0, 4], [0, 5, 6]]
    back = rnn.unpad_sequence(padded, m.tensor([3, 1, 2]), batch_first=True)
    assert [row.tolist() for row in back] == [row.tolist() for row in rows]
    with refused(RuntimeError, "pad_sequence: Expected iterable for input sequences, but got arg"):
        rnn.pad_sequence(3)


def test_pack_and_unpack(m):
    rnn = m.nn.utils.rnn
    rows = [m.tensor([4]), m.tensor([1, 2, 3]), m.tensor([5, 6])]
    packed = rnn.pack_sequence(rows, enforce_sorted=False)
    assert isinstance(packed, rnn.PackedSequence)
    assert packed.data.tolist() == [1, 5, 4, 2, 6, 3] and packed.batch_sizes.tolist() == [3, 2, 1]
    assert packed.sorted_indices.tolist() == [1, 2, 0]
    assert packed.unsorted_indices.tolist() == [2, 0, 1]
    padded, lengths = rnn.pad_packed_sequence(packed, batch_first=True, padding_value=9)
    assert padded.tolist() == [[4, 9, 9], [1, 2, 3], [5, 6, 9]] and lengths.tolist() == [1, 3, 2]
    padded, _ = rnn.pad_packed_sequence(packed, batch_first=True, total_length=4)
    assert padded.shape == (3, 4) and padded[1].tolist() == [1, 2, 3, 0]
    assert [row.tolist() for row in rnn.unpack_sequence(packed)] == [[4], [1, 2, 3], [5, 6]]
    with refused(ValueError, "Expected total_length to be at least the length of the longest seq"):
        rnn.pad_packed_sequence(packed, total_length=2)
    with refused(RuntimeError, "`lengths` array must be sorted in decreasing order when `enforce"):
        rnn.pack_padded_sequence(m.zeros(3, 2), [1, 3])
    with refused(RuntimeError, "Length of all samples has to be greater than 0, but found an ele"):
        rnn.pack_padded_sequence(m.zeros(3, 2), [1, 0])
    with refused(RuntimeError, "Expected `len(lengths)` to be equal to batch_size, but got 1 (ba"):
        rnn.pack_padded_sequence(m.zeros(3, 2), [1])


# --- what modules refuse --------------------------------------------------------------------------

REFUSED = """
RuntimeError | mat1 and mat2 shapes cannot be multiplied (2x4 and 3x2) \
| nn.Linear(3, 2)(zeros(2, 4))
ValueError | dropout probability has to be between 0 and 1, but got 2 | nn.Dropout(2)
ValueError | expected 2D or 3D input (got 4D input) | nn.BatchNorm1d(3)(zeros(1, 3, 1, 1))
ValueError | expected 4D input (got 2D input) | nn.BatchNorm2d(3)(zeros(1, 3))
ValueError | Expected more than 1 value per channel when training | nn.BatchNorm1d(3)(zeros(1, 3))
ValueError | num_channels (3) must be divisible by num_groups (2) | nn.GroupNorm(2, 3)
ValueError | groups must be a positive integer | nn.Conv2d(2, 2, 1, groups=0)
ValueError | in_channels must be divisible by groups | nn.Conv2d(3, 2, 1, groups=2)
ValueError | out_channels must be divisible by groups | nn.Conv2d(2, 3, 1, groups=2)
ValueError | Invalid padding string 'some', should be one of | nn.Conv1d(1, 1, 1, padding='some')
ValueError | padding='same' is not supported for strided | nn.Conv1d(1, 1, 1, 2, padding='same')
ValueError | padding_mode must be one of {'|nn.Conv1d(1, 1, 1, padding_mode='x')
ValueError | Only "zeros" padding mode is supported for ConvTranspose1d \
| nn.ConvTranspose1d(1, 1, 1, padding_mode='circular')
ValueError | requested an output size of [9], but valid sizes range from [5] to [5] \
| nn.ConvTranspose1d(1, 1, 3)(zeros(1, 1, 3), output_size=[9])
AssertionError | Padding_idx must be within num_embeddings | nn.Embedding(3, 2, padding_idx=3)
IndexError | index out of range in self | nn.Embedding(3, 2)(torch.tensor([3]))
AssertionError | max_val (0) must be greater than min_val (1) | nn.Hardtanh(1, 0)
ValueError | Softmax2d: expected input to be 3D or 4D, got 2D instead | nn.Softmax2d()(zeros(1, 1))
TypeError | unflattened_size must be a tuple of ints, but found type int | nn.Unflatten(1, 3)
ValueError | TripletMarginLoss: expected margin to be greater than 0, got 0 instead \
| nn.TripletMarginLoss(0)
ValueError | x is not a valid value for reduction | nn.MSELoss(reduction='x')(zeros(1), zeros(1))
IndexError | Target 5 is out of bounds. | nn.CrossEntropyLoss()(zeros(1, 3), torch.tensor([5]))
ValueError | hidden_size must be greater than zero | nn.LSTM(2, 0)
TypeError | input_size should be of type int, got: float | nn.GRU(2.0, 3)
TypeError | bias should be of type bool, got: int | nn.RNN(2, 3, bias=1)
ValueError | dropout should be a number in range [0, 1] | nn.RNN(2, 3, 2, dropout=2)
ValueError | Unknown nonlinearity 'x'. Select from 'tanh' or 'relu'. \
| nn.RNN(2, 3, nonlinearity='x')
ValueError | proj_size argument is only supported for LSTM, not RNN or | nn.GRU(2, 3, proj_size=1)
RuntimeError | input.size(-1) must be equal to input_size. Expected 2, got 5 \
| nn.LSTM(2, 3)(zeros(4, 1, 5))
ValueError | LSTM: Expected input to be 2D or 3D, got 1D instead | nn.LSTM(2, 3)(zeros(2))
ValueError | RNN: Expected input to be 2D or 3D, got 4D tensor instead \
| nn.RNN(2, 3)(zeros(1, 1, 1, 2))
RuntimeError | Expected hidden size (1, 4, 3), got [1, 5, 3] \
| nn.GRU(2, 3)(zeros(6, 4, 2), zeros(1, 5, 3))
RuntimeError | Expected hidden[1] size (1, 4, 3), got [2, 4, 3] \
| nn.LSTM(2, 3)(zeros(6, 4, 2), (zeros(1, 4, 3), zeros(2, 4, 3)))
RuntimeError | For batched 3-D input, hx should also be 3-D but got 2-D tensor \
| nn.GRU(2, 3)(zeros(6, 4, 2), zeros(4, 3))
RuntimeError | For unbatched 2-D input, hx and cx should also be 2-D but got (3-D, 3-D) tensors \
| nn.LSTM(2, 3)(zeros(6, 2), (zeros(1, 4, 3), zeros(1, 4, 3)))
ValueError | RNN input dtype (torch.float64) does not match weight dtype (torch.float32). \
| nn.LSTM(2, 3)(zeros(6, 4, 2).double())
ValueError | LSTMCell: Expected input to be 1D or 2D, got 3D instead \
| nn.LSTMCell(2, 3)(zeros(1, 1, 2))
ValueError | embed_dim and num_heads must be greater than 0, got embed_dim=0 and num_heads=1 \
| nn.MultiheadAttention(0, 1)
AssertionError | embed_dim must be divisible by num_heads | nn.MultiheadAttention(5, 2)
AssertionError | For batched (3-D) `query`, expected `key` and `value` to be 3-D but found 2-D \
| nn.MultiheadAttention(2, 1)(zeros(1, 1, 2), zeros(1, 2), zeros(1, 1, 2))
RuntimeError | the feature number of src and tgt must be equal to d_model \
| nn.Transformer(4, 2, 1, 1, 4, dropout=0.0)(zeros(1, 1, 3), zeros(1, 1, 4))
RuntimeError | activation should be relu/gelu, not tanh \
| nn.TransformerEncoderLayer(4, 2, activation='tanh')
""".replace("\\\n", "").strip().splitlines()


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("line", REFUSED)
def test_refused_in_pytorchs_words(m, line):
    error, words, call = [part.strip() for part in line.split("|")]
    with refused(eval(error), words):
        eval(call, {"torch": m, "nn": m.nn, "zeros": m.zeros})


def test_dropout_of_a_recurrent_layer_with_one_layer_warns(m):
    with pytest.warns(UserWarning, match="dropout option adds dropout after all but last recurr"):
        m.nn.LSTM(2, 3, dropout=0.5)
