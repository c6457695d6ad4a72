"""Saving and loading: what comes back, other programs' files, and files that are damaged or evil.

The truth for safetensors is the ``safetensors`` library (an extra for tests) and bytes written
here by hand after its specification.
"""

import collections
import io
import json
import os
import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad.serialization import saving
from minigrad.serialization.saving import load_file, save_file


def again(obj):
    file = io.BytesIO()
    mg.save(obj, file)
    return mg.load(file)


def same(a, b):
    """Equal in type and value, all the way down."""
    assert type(a) is type(b), (a, b)
    if isinstance(a, (mg.Tensor, np.ndarray)):
        assert a.dtype == b.dtype and a.shape == b.shape
        x, y = (t.detach().numpy() if isinstance(t, mg.Tensor) else t for t in (a, b))
        np.testing.assert_array_equal(x, y)
        if isinstance(a, mg.Tensor):
            assert a.requires_grad == b.requires_grad and b.is_leaf
    elif isinstance(a, dict):
        assert len(a) == len(b)
        for (k, v), (k2, v2) in zip(a.items(), b.items()):
            same(k, k2)
            same(v, v2)
    elif isinstance(a, (list, tuple)):
        assert len(a) == len(b)
        for x, y in zip(a, b):
            same(x, y)
    elif isinstance(a, (float, complex)) and a != a:
        assert b != b
    else:
        assert a == b


# --- what comes back -------------------------------------------------------------------------

numbers = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(),
    st.complex_numbers(), st.sampled_from([mg.float32, mg.int64, mg.bool]),
)  # fmt: skip


@st.composite
def tensors(draw):
    d = draw(st.sampled_from(["float64", "float32", "float16", "int64", "uint8", "bool", "int16",
                              "complex64", "uint32"]))  # fmt: skip
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    t = mg.from_numpy(np.asarray(rng.normal(size=shape) * 50).astype(d))
    if t.is_floating_point() and draw(st.booleans()):
        t.requires_grad_()
    return t


keys = st.one_of(st.text(), st.integers(), st.booleans(), st.tuples(st.integers(), st.text()))
objects = st.recursive(
    st.one_of(numbers, tensors()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(keys, inner),
        st.dictionaries(keys, inner).map(collections.OrderedDict),
        st.sets(st.integers()), st.frozensets(st.text()),
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(objects)
def test_what_was_saved_comes_back(obj):
    same(obj, again(obj))


def test_layouts_and_kinds_of_tensors():
    base = mg.arange(12.0).view(3, 4)
    for t in (base.t(), base[1:, ::2], base[:, 1], mg.ones(1).expand(5), base[2, 3], base[3:],
              base.flip(0), mg.tensor(3.5), mg.zeros(0, 3), base.double().t()):  # fmt: skip
        back = again(t)
        assert back.tolist() == t.tolist() and back.dtype == t.dtype
    assert again(base.t()).stride() == (1, 4)
    p = again(mg.nn.Parameter(mg.ones(2), requires_grad=False))
    assert type(p) is mg.nn.Parameter and not p.requires_grad
    assert again(mg.nn.Parameter(mg.ones(2))).requires_grad
    assert type(again(mg.nn.Buffer(mg.ones(2)))) is mg.nn.Buffer
    y = mg.ones(2, requires_grad=True) * 2  # comes back as a leaf, as in PyTorch
    back = again(y)
    assert back.is_leaf and back.requires_grad and back.tolist() == [2.0, 2.0]
    assert type(again(np.float32(2.5))) is np.float32
    same([np.arange(3), mg.Size([1, 2])], again([np.arange(3), mg.Size([1, 2])]))
    assert again(mg.device("cpu")) == mg.device("cpu")


def test_shared_memory_is_shared_again():
    w = mg.ones(2, 3)
    tied = {"a": w, "b": w, "row": w[1], "turned": w.t()}
    back = again(tied)
    assert back["a"] is back["b"]
    back["row"].fill_(7)
    assert back["a"].tolist() == back["turned"].t().tolist() == [[1.0] * 3, [7.0] * 3]
    twice = again(back)  # also what was loaded shares
    twice["row"].fill_(9)
    assert twice["a"][1, 0].item() == 9


def test_a_small_part_of_a_large_memory_is_saved_alone():
    big = mg.zeros(100_000)
    file = io.BytesIO()
    mg.save(big[:10], file)
    assert len(file.getvalue()) < 2000
    file = io.BytesIO()
    mg.save([big, big[:10], big[5:]], file)
    assert 400_000 < len(file.getvalue()) < 402_000


def test_loaded_tensors_can_be_trained_and_written():
    w = again(mg.ones(2, requires_grad=True))
    (w * w).sum().backward()
    with mg.no_grad():
        w -= w.grad
    assert w.tolist() == [-1.0, -1.0]


def test_training_goes_on_after_a_restart(tmp_path):
    """Model, optimizer and schedule in one checkpoint; then the same losses as without a break."""

    def build():
        mg.manual_seed(0)
        model = mg.nn.Sequential(mg.nn.Linear(3, 5), mg.nn.Tanh(), mg.nn.Linear(5, 1))
        optimizer = mg.optim.Adam(model.parameters(), lr=0.1)
        return model, optimizer, mg.optim.lr_scheduler.MultiStepLR(optimizer, [2, 5])

    def train(model, optimizer, schedule, n):
        x = mg.linspace(-1, 1, 12).view(4, 3)
        losses = []
        for _ in range(n):
            optimizer.zero_grad()
            loss = (model(x) - x.sum(1, keepdim=True)).pow(2).mean()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        return losses

    straight = train(*build(), 8)
    parts = build()
    train(*parts, 3)
    path = tmp_path / "checkpoint.mg"
    mg.save([part.state_dict() for part in parts], path)
    fresh = build()
    for part, state in zip(fresh, mg.load(path)):
        part.load_state_dict(state)
    assert train(*fresh, 5) == straight[3:]
    assert os.listdir(tmp_path) == ["checkpoint.mg"]


# --- safetensors -----------------------------------------------------------------------------


def some_tensors():
    rng = np.random.default_rng(0)
    return {
        "w": rng.normal(size=(3, 2)).astype("float32"), "b": rng.normal(size=2),
        "half": rng.normal(size=3).astype("float16"), "n": np.array(7), "flags": np.array([True]),
        "bytes": np.arange(3, dtype="uint8"), "empty": np.zeros((0, 4), "int32"),
        "é": np.arange(2, dtype="int16"),
    }  # fmt: skip


def test_safetensors_written_here_are_read_there(tmp_path):
    numpy = pytest.importorskip("safetensors.numpy", reason="needs the test extra")
    arrays = some_tensors()
    save_file({k: mg.from_numpy(v) for k, v in arrays.items()}, tmp_path / "a.safetensors",
              metadata={"by": "minigrad"})  # fmt: skip
    back = numpy.load_file(tmp_path / "a.safetensors")
    assert set(back) == set(arrays)
    for name, array in arrays.items():
        same(array, back[name])
    with pytest.importorskip("safetensors").safe_open(tmp_path / "a.safetensors", "numpy") as f:
        assert f.metadata() == {"by": "minigrad"}
    mg.save({"t": mg.arange(6.0).view(2, 3).t()}, str(tmp_path / "b.safetensors"))
    turned = np.arange(6.0, dtype="f4").reshape(2, 3).T
    same(numpy.load_file(tmp_path / "b.safetensors")["t"], turned)


def test_safetensors_written_there_are_read_here(tmp_path):
    numpy = pytest.importorskip("safetensors.numpy", reason="needs the test extra")
    arrays = some_tensors()
    numpy.save_file(arrays, tmp_path / "a.safetensors", {"by": "someone"})
    for back in (mg.load(tmp_path / "a.safetensors"), load_file(str(tmp_path / "a.safetensors"))):
        assert set(back) == set(arrays)
        for name, array in arrays.items():
            same(array, back[name].numpy())
    back["w"].add_(1)  # it is the user's own memory


def test_safetensors_written_by_pytorch(tmp_path, torch):
    st_torch = pytest.importorskip("safetensors.torch", reason="needs the test extra")
    model = torch.nn.Linear(3, 2)
    state = model.state_dict() | {"half": torch.tensor([1.5, -2.0, 3e38]).to(torch.bfloat16)}
    st_torch.save_file(state, tmp_path / "m.safetensors")
    back = mg.load(tmp_path / "m.safetensors")
    assert back["half"].tolist() == state["half"].float().tolist()
    ours = mg.nn.Linear(3, 2)
    ours.load_state_dict({k: back[k] for k in ("weight", "bias")})
    assert ours.weight.tolist() == model.weight.tolist()


def by_hand(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + data


def test_safetensors_by_its_specification():
    data = np.array([1.5, -2.0], "<f4").tobytes() + np.array([300], "<i8").tobytes()
    header = {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
              "n": {"dtype": "I64", "shape": [], "data_offsets": [8, 16]}}  # fmt: skip
    back = mg.load(io.BytesIO(by_hand(header, data)))
    same(back, {"a": mg.tensor([1.5, -2.0]), "n": mg.tensor(300)})
    half = by_hand({"x": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}},
                   bytes.fromhex("803f20c0"))  # fmt: skip
    same(mg.load(io.BytesIO(half)), {"x": mg.tensor([1.0, -2.5])})
    file = io.BytesIO()
    save_file(back, file)
    n = int.from_bytes(file.getvalue()[:8], "little")
    written = json.loads(file.getvalue()[8 : 8 + n])
    assert n % 8 == 0 and written["n"] == {"dtype": "I64", "shape": [], "data_offsets": [0, 8]}
    assert written["a"]["data_offsets"] == [8, 16] and len(file.getvalue()) == 8 + n + 16


ONE = {"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}


def entry(**changes):
    return {"a": ONE["a"] | changes}


EVIL_SAFETENSORS = {
    "too short": b"\x05\0\0\0\0\0\0\0{",
    "header beyond the end": by_hand(ONE, b"1234", 10**15),
    "a huge shape": by_hand(entry(shape=[10**12], data_offsets=[0, 4 * 10**12]), b"1234"),
    "a shape that wraps around": by_hand(entry(shape=[2**62, 4], data_offsets=[0, 0]), b""),
    "a shape NumPy cannot have": by_hand(entry(shape=[0, 2**70], data_offsets=[0, 0]), b""),
    "negative": by_hand(entry(shape=[-1], data_offsets=[0, -4]), b""),
    "no number": by_hand(entry(shape=["x"]), b"1234"),
    "bool for a number": by_hand(entry(shape=[True]), b"1234"),
    "unknown dtype": by_hand(entry(dtype="F3"), b"1234"),
    "dtype no string": by_hand(entry(dtype=[1]), b"1234"),
    "missing key": by_hand({"a": {"dtype": "F32"}}, b"1234"),
    "no object": by_hand(b"{1}", b""),
    "entry no object": by_hand({"a": 3}, b""),
    "shorter than the shape": by_hand(entry(shape=[2], data_offsets=[0, 8]), b"1234"),
    "longer than the tensors": by_hand(ONE, b"12345678"),
    "a hole": by_hand(entry(data_offsets=[4, 8]), b"12345678"),
    "overlap": by_hand({"a": ONE["a"], "b": ONE["a"]}, b"1234"),
    "a name twice": by_hand(json.dumps(ONE).encode()[:-1] + b"," + json.dumps(ONE).encode()[1:],
                            b"1234"),
    "not utf-8": by_hand(b'{"\xff": 1}', b""),
    "very deep": by_hand(b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}", b""),
    "a number of many digits": by_hand(b'{"a":' + b"9" * 10_000 + b"}", b""),
}  # fmt: skip


@pytest.mark.parametrize("kind", EVIL_SAFETENSORS)
def test_evil_safetensors(kind):
    for read in (mg.load, load_file):
        with pytest.raises(RuntimeError):
            read(io.BytesIO(EVIL_SAFETENSORS[kind]))


# --- damaged and evil files ------------------------------------------------------------------


class Evil:
    def __reduce__(self):
        return os.mkdir, ("minigrad-was-fooled",)


def test_pickles_are_refused_and_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for protocol in range(6):
        data = pickle.dumps({"w": Evil()}, protocol)
        with pytest.raises(pickle.UnpicklingError, match="Weights only load failed") as caught:
            mg.load(io.BytesIO(data), weights_only=False)
        assert "safetensors" in str(caught.value)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Evil()))
    with pytest.raises(pickle.UnpicklingError, match="PyTorch checkpoint"):
        mg.load(file)
    assert os.listdir() == []


def test_pytorchs_own_files_are_refused(tmp_path, torch):
    torch.save({"w": torch.ones(2)}, tmp_path / "a.pt")
    with pytest.raises(pickle.UnpicklingError, match="PyTorch checkpoint"):
        mg.load(tmp_path / "a.pt")


def archive_with(root, storages=(b"\0" * 8,), compress=zipfile.ZIP_STORED, **changes):
    file = io.BytesIO()
    contents = {"format": "minigrad", "version": 1, "root": root} | changes
    with zipfile.ZipFile(file, "w", compress) as archive:
        archive.writestr("minigrad.json", json.dumps(contents))
        for i, data in enumerate(storages):
            archive.writestr(f"data/{i}", data)
    return file


def spec(**changes):
    return {"tensor": {"storage": 0, "dtype": "float32", "kind": "Tensor", "shape": [2],
                       "strides": [1], "offset": 0} | changes}  # fmt: skip


def test_the_archive_written_by_hand_is_read():
    """So that the evil ones below are refused for what is evil about them."""
    same(mg.load(archive_with({"list": [1, spec()]})), [1, mg.zeros(2)])


EVIL_TREES = {
    "outside of the storage": spec(shape=[3]),
    "far outside": spec(shape=[2**40]),
    "stride outside": spec(strides=[2]),
    "negative stride": spec(strides=[-1], offset=1),
    "negative offset": spec(offset=-1),
    "offset outside": spec(offset=2),
    "shape no number": spec(shape=["2"]),
    "shape no list": spec(shape=2),
    "shape bool": spec(shape=[True]),
    "strides too few": spec(strides=[]),
    "no such storage": spec(storage=5),
    "storage no number": spec(storage="../0"),
    "unknown dtype": spec(dtype="object"),
    "dtype that does not fit": spec(dtype="complex128"),
    "unknown kind": spec(kind="Module"),
    "gradient of whole numbers": spec(dtype="int32", requires_grad=True),
    "missing key": {"tensor": {"storage": 0}},
    "a tensor that never came": {"tensor": 0},
    "a tensor with a negative number": {"list": [spec(), {"tensor": -1}]},
    "unknown type": {"module": []},
    "two types": {"list": [], "tuple": []},
    "no type": {},
    "a bare list": [1],
    "items no list": {"list": "ab"},
    "pairs no pairs": {"dict": [[1, 2, 3]]},
    "unhashable key": {"dict": [[{"list": []}, 1]]},
    "no base64": {"bytes": "%"},
    "no such device": {"device": "gpu"},
}


@pytest.mark.parametrize("kind", EVIL_TREES)
def test_evil_trees(kind):
    with pytest.raises(RuntimeError):
        mg.load(archive_with(EVIL_TREES[kind]))


def test_evil_archives():
    deep = 1
    for _ in range(150):
        deep = {"list": [deep]}
    for file in (
        archive_with(deep), archive_with(spec(), [b"123"]),
        archive_with(1, version=2), archive_with(1, format="other"),
        archive_with(spec(), compress=zipfile.ZIP_DEFLATED),
        archive_with(spec(shape=[2**28], strides=[0]), [b"\0" * 10**7], zipfile.ZIP_DEFLATED),
    ):  # fmt: skip
        with pytest.raises(RuntimeError):
            mg.load(file)
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("readme", "hello")
    with pytest.raises(RuntimeError, match="not a minigrad file"):
        mg.load(empty)
    for junk in (b"hello world", b"PK\x03\x04junk", b"\x93NUMPY", b"\xff" * 50):
        with pytest.raises(RuntimeError):
            mg.load(io.BytesIO(junk))
    with pytest.raises(EOFError, match="Ran out of input"):
        mg.load(io.BytesIO())


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(cut=st.integers(0, 10**6), flips=st.lists(st.tuples(st.integers(0, 10**6),
       st.integers(1, 255)), max_size=3), safe=st.booleans())  # fmt: skip
def test_damage_is_an_error_or_harmless(cut, flips, safe):
    """Cut off and flipped bytes: either an error of the documented kinds, or data."""
    file = io.BytesIO()
    obj = {"w": mg.arange(5.0), "n": [1, "two"]}
    if safe:
        save_file({"w": obj["w"]}, file)
    else:
        mg.save(obj, file)
    data = bytearray(file.getvalue())
    for place, change in flips:
        data[place % len(data)] ^= change
    data = data[: cut % (2 * len(data))]
    try:
        mg.load(io.BytesIO(bytes(data)))
    except (RuntimeError, EOFError, pickle.UnpicklingError):
        pass


def test_every_byte_of_an_archives_numbers_is_checked():
    file = io.BytesIO()
    mg.save(mg.arange(5.0), file)
    data = bytearray(file.getvalue())
    at = data.index(np.arange(5.0, dtype="<f4").tobytes())
    data[at + 7] ^= 1
    with pytest.raises(RuntimeError, match="corrupt file"):
        mg.load(io.BytesIO(bytes(data)))


# --- refusals --------------------------------------------------------------------------------


def test_what_is_not_data_is_refused_and_nothing_is_written(tmp_path):
    path = tmp_path / "a.mg"
    mg.save({"old": 1}, path)
    loop = []
    loop.append(loop)
    deep = [1]
    for _ in range(200):
        deep = [deep]
    for obj, kind, words in [
        (mg.optim.SGD([mg.ones(1)]), TypeError, "state_dict"), (lambda: 1, TypeError, "never code"),
        ({"f": [print]}, TypeError, "builtin_function_or_method"), (loop, ValueError, "itself"),
        (deep, ValueError, "nested more than"), (np.array(["a"]), TypeError, "not numbers"),
        (collections.namedtuple("P", "x")(1), TypeError, "type P"),
    ]:  # fmt: skip
        with pytest.raises(kind, match=words):
            mg.save(obj, path)
    assert mg.load(path) == {"old": 1} and os.listdir(tmp_path) == ["a.mg"]
    for obj, words in [
        ([1], "dict of tensors"), ({"a": 1}, "'a' is int"), ({1: mg.ones(1)}, "1 is Tensor"),
        ({"a": mg.ones(1, dtype=mg.complex128)}, "no dtype for complex128"),
    ]:  # fmt: skip
        with pytest.raises(TypeError, match=words):
            mg.save(obj, tmp_path / "b.safetensors")
    with pytest.raises(TypeError, match="metadata"):
        save_file({}, tmp_path / "b.safetensors", {"n": 1})
    assert os.listdir(tmp_path) == ["a.mg"]


def test_files_that_are_none(tmp_path, torch):
    for m in (mg, torch):
        with pytest.raises(RuntimeError, match="Parent directory .* does not exist."):
            m.save(1, tmp_path / "no" / "a.pt")
        with pytest.raises(FileNotFoundError):
            m.load(tmp_path / "no.pt")
        with pytest.raises(AttributeError, match="write"):
            m.save(1, 3)
        with pytest.raises(AttributeError, match="has no attribute 'seek'"):
            m.load(3)
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA"):
        mg.load(archive_with(1), map_location="cuda")


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.mg"
    mg.save(1, path)
    monkeypatch.setattr(saving, "little_endian", lambda array: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        mg.save(mg.ones(2), path)
    assert mg.load(path) == 1 and os.listdir(tmp_path) == ["a.mg"]


# --- whole modules ----------------------------------------------------------------------------


def test_a_whole_module_is_loaded_only_if_code_may_run(m, tmp_path):
    path = tmp_path / "model.pt"
    model = m.nn.Sequential(m.nn.Linear(2, 3), m.nn.BatchNorm1d(3), m.nn.ReLU()).eval()
    model[0].bias.requires_grad_(False)
    for saved in (model, {"model": model, "epoch": 3}):
        m.save(saved, path)
        with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
            m.load(path)
        back = m.load(path, weights_only=False)
        back = back["model"] if isinstance(saved, dict) else back
        assert back is not model and repr(back) == repr(model)
        x = m.ones(4, 2)
        assert m.equal(back(x), model(x))
        assert [p.requires_grad for p in back.parameters()] == [True, False, True, True]


def test_a_module_that_cannot_be_pickled_leaves_the_old_file(tmp_path):
    path = tmp_path / "model.pt"
    mg.save(mg.nn.Linear(1, 1), path)
    model = mg.nn.Linear(1, 1)
    model.act = lambda x: x
    with pytest.raises((pickle.PicklingError, AttributeError)):
        mg.save(model, path)
    assert mg.load(path, weights_only=False).in_features == 1
