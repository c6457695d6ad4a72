"""Questions and settings that tutorials use and that compute nothing."""

import numpy as np
import pytest

import minigrad as mg


def test_where_a_tensor_lives():
    x = mg.ones(2, 3)
    assert x.get_device() == -1 and x.is_cpu and not x.is_cuda and str(x.device) == "cpu"
    assert str(x.layout) == "torch.strided" and x.layout is mg.strided
    assert not (x.is_sparse or x.is_quantized or x.is_meta)
    assert not (x.is_conj() or x.is_neg() or x.is_pinned() or x.is_shared() or x.is_distributed())
    assert x.pin_memory() is x and x.share_memory_() is x
    assert mg.get_default_device() == mg.device("cpu")
    mg.set_default_device("cpu")
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        x.cuda()
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        mg.set_default_device("cuda")


def test_settings_without_effect_are_accepted():
    mg.set_num_threads(2)
    mg.use_deterministic_algorithms(True)
    mg.set_float32_matmul_precision("high")
    assert mg.get_num_threads() == 1 and mg.are_deterministic_algorithms_enabled()
    with pytest.raises(RuntimeError, match="set_num_threads expects a positive integer"):
        mg.set_num_threads(0)


def test_default_dtype_by_name():
    assert mg.get_default_dtype() is mg.float32
    try:
        mg.set_default_tensor_type(mg.DoubleTensor)
        assert mg.tensor(1.5).dtype is mg.float64
        mg.set_default_tensor_type("torch.FloatTensor")
        assert mg.tensor(1.5).dtype is mg.float32
    finally:
        mg.set_default_dtype(mg.float32)


def test_typed_tensors():
    x = mg.LongTensor([1, 2])
    assert isinstance(x, mg.LongTensor) and not isinstance(x, mg.FloatTensor)
    assert isinstance(x, mg.Tensor) and x.dtype is mg.int64
    assert mg.FloatTensor(2, 3).shape == (2, 3) and mg.FloatTensor().shape == (0,)
    assert x.type() == "torch.LongTensor" and x.type("torch.FloatTensor").dtype is mg.float32
    assert x.type(mg.DoubleTensor).dtype is mg.float64
    assert x.new([3]).dtype is mg.int64 and x.new(2).shape == (2,)
    with pytest.raises(ValueError, match="invalid type: 'torch.NoTensor'"):
        x.type("torch.NoTensor")


def test_views_share_their_storage():
    x = mg.arange(6.0).reshape(2, 3)
    row = x[1]
    assert row.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
    assert row.storage_offset() == 3 and row.data_ptr() == x.data_ptr() + 12
    assert x.t().storage().tolist() == [0, 1, 2, 3, 4, 5] and len(x.untyped_storage()) == 24
    assert x.clone().untyped_storage().data_ptr() != x.data_ptr()


def test_in_place_reshapes_keep_history_and_memory():
    leaf = mg.arange(6.0, requires_grad=True)
    y = (leaf * 2).reshape(2, 3)
    same = y.t_()
    assert same is y and y.shape == (3, 2)
    y.unsqueeze_(0)
    (y * mg.arange(6.0).reshape(1, 3, 2)).sum().backward()
    assert leaf.grad.tolist() == [0, 4, 8, 2, 6, 10]
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        leaf.unsqueeze_(0)
    assert leaf.shape == (6,)
    z = mg.ones(2, 3, requires_grad=True) * 3
    square = z * z
    z.t_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        square.sum().backward()


def test_numpy_functions_give_tensors_back():
    x = mg.tensor([0.0, 1.0])
    assert isinstance(np.exp(x), mg.Tensor) and np.exp(x).dtype is mg.float32
    assert np.from_dlpack(x).tolist() == [0.0, 1.0]


def test_gradients_stop_where_the_value_does():
    """An infinite gradient times 0 would be nan."""
    for stop in (
        mg.relu, mg.floor, mg.round, mg.sign, lambda x: x.clamp(min=0.0), mg.ceil,
        lambda x: mg.where(x > 0, x, 0.0), lambda x: mg.maximum(x, mg.zeros(1)),
        lambda x: mg.nn.functional.hardtanh(x, 0.0, 1.0), lambda x: mg.fmax(x, mg.zeros(1)),
        lambda x: mg.fill(x, 0.0), lambda x: (x * 1).zero_(),
        lambda x: mg.div(x, 10.0, rounding_mode="trunc"),
    ):  # fmt: skip
        x = mg.tensor([-0.5], requires_grad=True)
        stop(x).sqrt().sum().backward()
        assert x.grad.tolist() == [0.0]


def test_in_place_results_without_gradient_end_the_history():
    leaf = mg.tensor([1.0, 2.0], requires_grad=True)
    x = leaf * 3
    x.eq_(3.0)
    (x * 5).sum().backward()
    assert leaf.grad.tolist() == [0.0, 0.0]
