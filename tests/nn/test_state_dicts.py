"""What a class may change about its own state, and what is read of older files; as in PyTorch."""

import copy
import io
import warnings
from collections import OrderedDict

import pytest

import minigrad


def scaled(m):
    class Scaled(m.nn.Module):
        _version = 3

        def __init__(self):
            super().__init__()
            self.factor = m.nn.Parameter(m.ones(2))
            self.inside = m.nn.Linear(2, 2)

        def _save_to_state_dict(self, destination, prefix, keep_vars):
            destination[prefix + "log_factor"] = self.factor.detach().log()

        def _load_from_state_dict(self, state, prefix, metadata, *rest):
            self.versions_read = [*getattr(self, "versions_read", []), metadata.get("version")]
            state[prefix + "factor"] = state.pop(prefix + "log_factor").exp()
            super()._load_from_state_dict(state, prefix, metadata, *rest)

    return Scaled()


def test_a_class_may_write_and_read_its_state_as_it_likes(m):
    net = m.nn.Sequential(scaled(m), m.nn.ReLU())
    with m.no_grad():
        net[0].factor.fill_(4.0)
    state = net.state_dict()
    assert list(state) == ["0.log_factor", "0.inside.weight", "0.inside.bias"]
    other = m.nn.Sequential(scaled(m), m.nn.ReLU())
    other.load_state_dict(state)
    assert m.allclose(other[0].factor, m.tensor([4.0, 4.0]))
    assert list(state) == ["0.log_factor", "0.inside.weight", "0.inside.bias"]  # not changed
    assert other[0].versions_read == [3]


def test_metadata_has_the_versions_of_all_modules(m):
    net = m.nn.Sequential(scaled(m), m.nn.BatchNorm1d(2))
    versions = {name: v["version"] for name, v in net.state_dict()._metadata.items()}
    assert versions == {"": 1, "0": 3, "0.inside": 1, "1": 2}
    assert m.nn.Linear(1, 1).state_dict(destination={}).keys() == {"weight", "bias"}


def test_versions_are_in_a_saved_file():
    m = minigrad
    file = io.BytesIO()
    m.save(m.nn.Sequential(scaled(m)).state_dict(), file)
    file.seek(0)
    loaded = m.load(file)
    net = m.nn.Sequential(scaled(m))
    net.load_state_dict(loaded)
    assert net[0].versions_read == [3]
    assert loaded._metadata["0"] == {"version": 3}


def test_a_batch_norm_of_an_older_version_has_no_count(m):
    layer = m.nn.BatchNorm2d(3)
    state = layer.state_dict()
    del state["num_batches_tracked"]
    with pytest.raises(RuntimeError, match="Missing key"):
        layer.load_state_dict(state)
    state._metadata[""]["version"] = 1
    layer.load_state_dict(state)
    assert layer.num_batches_tracked.item() == 0


def test_what_does_not_fit_leaves_minigrads_module_as_it_was():
    m = minigrad
    for assign in (False, True):
        net = m.nn.Sequential(m.nn.Linear(2, 2), m.nn.Linear(2, 1))
        before, weight = copy.deepcopy(net.state_dict()), net[0].weight
        state = {k: m.full_like(v, 7.0) for k, v in net.state_dict().items()}
        state["1.bias"] = m.ones(5)
        with pytest.raises(RuntimeError, match="size mismatch for 1.bias"):
            net.load_state_dict(state, assign=assign)
        assert net[0].weight is weight
        assert all(m.equal(before[k], v) for k, v in net.state_dict().items())


def test_hooks_see_the_loaded_numbers(m):
    layer = m.nn.Linear(1, 1)
    seen = []
    layer.register_load_state_dict_post_hook(lambda mod, keys: seen.append(mod.weight.item()))
    layer.load_state_dict({"weight": m.tensor([[5.0]]), "bias": m.tensor([1.0])})
    assert seen == [5.0]


def test_extra_state(m):
    class Half(m.nn.Module):
        def get_extra_state(self):
            return {"a": 1}

    half = Half()
    with pytest.raises(RuntimeError, match="Unexpected key"):
        half.load_state_dict(half.state_dict())

    class Setter(m.nn.Module):
        def set_extra_state(self, state):
            self.extra = state

    setter = Setter()
    setter.load_state_dict({"_extra_state": 5})
    assert setter.extra == 5
    with pytest.raises(RuntimeError, match="Missing key"):
        setter.load_state_dict({})


def test_state_dict_by_position_is_the_old_way(m):
    into = OrderedDict()
    with pytest.warns(FutureWarning, match="Positional args"):
        m.nn.Linear(1, 1).state_dict(into, "a.")
    assert list(into) == ["a.weight", "a.bias"]


def test_a_prefix_is_taken_off(m):
    state = m.nn.Sequential(m.nn.Linear(1, 1)).state_dict(prefix="module.")
    m.nn.modules.utils.consume_prefix_in_state_dict_if_present(state, "module.")
    assert list(state) == ["0.weight", "0.bias"]
    assert sorted(state._metadata) == ["", "0"]


def test_spectral_norm_reads_a_state_without_v(m):
    m.manual_seed(0)
    layer = m.nn.utils.spectral_norm(m.nn.Linear(3, 5))
    x = m.randn(2, 3)
    layer(x)
    state = copy.deepcopy(layer.state_dict())
    assert state._metadata[""]["spectral_norm"] == {"weight.version": 1}
    v = state.pop("weight_v")
    del state._metadata[""]["spectral_norm"]
    state["weight"] = layer.weight.detach().clone()
    layer.eval()
    expected = layer(x)
    layer.weight_v.zero_()
    layer.load_state_dict(state)
    assert m.allclose(layer.weight_v, v, atol=1e-5)
    assert m.allclose(layer(x), expected, atol=1e-5)
    again = m.nn.utils.remove_spectral_norm(layer)
    assert list(again.state_dict()) == ["bias", "weight"]
    assert "spectral_norm" not in again.state_dict()._metadata[""]


def test_weight_norm_of_an_lstm(m):
    lstm = m.nn.LSTM(3, 4, proj_size=2)
    with warnings.catch_warnings():  # weight_norm is old; PyTorch's LSTM tells how it computes
        warnings.simplefilter("ignore")
        m.nn.utils.weight_norm(lstm, "weight_hr_l0")
        lstm(m.ones(2, 1, 3))[0].sum().backward()
    assert sum(isinstance(p, m.nn.Parameter) for p in lstm._flat_weights) == 4
    assert lstm.weight_hr_l0_g.grad is not None
    m.nn.utils.remove_weight_norm(lstm, "weight_hr_l0")
    assert sum(isinstance(p, m.nn.Parameter) for p in lstm._flat_weights) == 5
