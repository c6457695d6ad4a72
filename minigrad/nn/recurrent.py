r"""Recurrent layers: RNN, LSTM and GRU, and their single steps as cells.

One step computes the next state from an input and the state before it::

    RNN    h' = tanh(W_ih x + b_ih + W_hh h + b_hh)

    LSTM   i, f, o = sigmoid(...)    g = tanh(...)     each like the RNN's h', with own weights
           c' = f * c + i * g        h' = o * tanh(c')

    GRU    r, z = sigmoid(...)       n = tanh(W_in x + b_in + r * (W_hn h + b_hn))
           h' = (1 - z) * n + z * h

The weights of the gates are stacked in one matrix; what the gates do is in
``minigrad/ops/networks/recurrent.py``. A layer runs its step over time; further layers
run over the outputs of the one before; a bidirectional layer also runs backwards in time.

Sources: Elman 1990; Hochreiter and Schmidhuber 1997; Cho et al. 2014.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

from ..core.tensor import Tensor
from ..ops.elementwise.limits import relu
from ..ops.elementwise.trigonometry import tanh
from ..ops.making.creation import zeros
from ..ops.networks.recurrent import gru_gates, lstm_gates
from ..ops.shaping.cutting import split
from ..ops.shaping.joining import cat, stack
from . import functional as F
from . import init
from .linear import new_parameter
from .module import Module
from .utils.rnn import PackedSequence

__all__ = ["GRU", "LSTM", "RNN", "GRUCell", "LSTMCell", "RNNBase", "RNNCell", "RNNCellBase"]

State = tuple[Tensor, ...]  # (h,), or for an LSTM (h, c)

# --- one step ------------------------------------------------------------------------------------
# from_x: W_ih x + b_ih, already computed; from_h: W_hh h + b_hh. Both: (batch, gates * hidden).


def tanh_step(from_x: Tensor, from_h: Tensor, state: State) -> State:
    return (tanh(from_h + from_x),)


def relu_step(from_x: Tensor, from_h: Tensor, state: State) -> State:
    return (relu(from_h + from_x),)


def lstm_step(from_x: Tensor, from_h: Tensor, state: State) -> State:
    return lstm_gates(from_x, from_h, state[1])


def gru_step(from_x: Tensor, from_h: Tensor, state: State) -> State:
    return (gru_gates(from_x, from_h, state[0]),)


STEPS: dict[str, tuple[int, Callable[[Tensor, Tensor, State], State]]] = {
    "RNN_TANH": (1, tanh_step), "RNN_RELU": (1, relu_step), "LSTM": (4, lstm_step),
    "GRU": (3, gru_step),
}  # mode -> (how many gates, the step)  # fmt: skip


# --- layers --------------------------------------------------------------------------------------


class RNNBase(Module):
    """What RNN, LSTM and GRU share: the weights, and the walk over layers, directions and time."""

    def __init__(
        self, mode: str, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True,
        batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False,
        proj_size: int = 0, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        check_settings(input_size, hidden_size, num_layers, bias, batch_first, dropout, proj_size)
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        gates = hidden_size if mode.startswith("RNN") else STEPS[mode][0] * hidden_size
        out = proj_size or hidden_size
        for layer, suffix in self.passes():
            size = input_size if layer == 0 else out * self.directions()
            shapes: dict[str, tuple[int, ...]] = {"weight_ih": (gates, size)}
            shapes["weight_hh"] = (gates, out)
            if bias:
                shapes |= {"bias_ih": (gates,), "bias_hh": (gates,)}
            if proj_size:
                shapes["weight_hr"] = (proj_size, hidden_size)
            for name, shape in shapes.items():
                param = new_parameter(*shape, device=device, dtype=dtype)
                self.register_parameter(f"{name}_l{layer}{suffix}", param)
        self.reset_parameters()

    def directions(self) -> int:
        return 2 if self.bidirectional else 1

    def passes(self) -> list[tuple[int, str]]:
        """(layer, suffix of its parameters' names) in the order they run."""
        suffixes = ["", "_reverse"][: self.directions()]
        return [(layer, suffix) for layer in range(self.num_layers) for suffix in suffixes]

    def reset_parameters(self) -> None:
        """Draw new numbers, evenly from ±1/sqrt(hidden_size)."""
        bound = 1.0 / math.sqrt(self.hidden_size)
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def flatten_parameters(self) -> None:
        """Nothing to do: it is for GPUs."""

    @property
    def _flat_weights(self) -> list[Any]:
        """All weights in a row; one that is computed, as by weight_norm, is a plain tensor."""
        return [
            getattr(self, f"{kind}_l{layer}{suffix}") for layer, suffix in self.passes()
            for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
            if hasattr(self, f"{kind}_l{layer}{suffix}")
        ]  # fmt: skip

    @property
    def all_weights(self) -> list[list[Any]]:
        """The parameters of each layer and direction."""
        return [
            [p for name, p in self._parameters.items() if name.endswith(f"_l{layer}{suffix}")]
            for layer, suffix in self.passes()
        ]

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        usual = {"proj_size": 0, "num_layers": 1, "bias": True, "batch_first": False,
                 "dropout": 0, "bidirectional": False}  # fmt: skip
        for name, value in usual.items():
            if getattr(self, name) != value:
                text += f", {name}={getattr(self, name)}"
        return text

    # --- forward

    def forward(self, input: Any, hx: Any = None) -> Any:
        """input: (T, B, in), (B, T, in) with batch_first, (T, in) or a PackedSequence.

        hx: the state at the start, (layers * directions, B, hidden), for an LSTM a pair; zeros if
        left out. Returns the outputs of the last layer at all times, and the state at the end.
        """
        packed = isinstance(input, PackedSequence)
        x = input.data if packed else input
        if not packed and x.dim() not in (2, 3):
            dims = f"{x.dim()}D" + (" tensor" if self.mode.startswith("RNN") else "")
            raise ValueError(
                f"{self._get_name()}: Expected input to be 2D or 3D, got {dims} instead"
            )
        alone = not packed and x.dim() == 2  # a single sequence, without a batch dimension
        if alone:
            x = x.unsqueeze(1)
        elif self.batch_first and not packed:
            x = x.transpose(0, 1)
        sizes = [int(n) for n in input.batch_sizes._data] if packed else [x.size(1)]
        self.check_input(x, 2 if packed else 3)
        state = self.start(hx, x, sizes[0], alone, input.sorted_indices if packed else None)

        for name, kind in (("num_layers", int), ("bidirectional", bool)):
            value = getattr(self, name)
            if type(value) is not kind:
                raise TypeError(
                    f"{self.mode.lower()}() received an invalid combination of arguments: {name} "
                    f"must be {kind.__name__}, not {type(value).__name__}"
                )
        if not packed and x.size(0) == 0:
            raise RuntimeError("Expected sequence length to be larger than 0 in RNN")
        ends: list[State] = []
        for layer in range(self.num_layers):
            outs = []
            for direction in range(self.directions()):
                number = layer * self.directions() + direction
                begin = tuple(s[number] for s in state)
                out, end = self.run(x, begin, layer, direction == 1, sizes if packed else None)
                outs.append(out)
                ends.append(end)
            x = cat(outs, -1) if self.bidirectional else outs[0]
            if self.dropout and self.training and layer < self.num_layers - 1:
                x = F.dropout(x, self.dropout, True)
        final: Any = tuple(stack(parts) for parts in zip(*ends))

        if packed:
            back = input.unsorted_indices
            x = PackedSequence(x, input.batch_sizes, input.sorted_indices, back)
            if back is not None:
                final = tuple(s.index_select(1, back) for s in final)
        elif alone:
            x, final = x.squeeze(1), tuple(s.squeeze(1) for s in final)
        elif self.batch_first:
            x = x.transpose(0, 1)
        return x, final if len(final) > 1 else final[0]

    def run(
        self, x: Tensor, state: State, layer: int, backwards: bool, sizes: list[int] | None
    ) -> tuple[Tensor, State]:
        """One layer in one direction: its outputs at all times and its state at the end."""
        suffix = f"_l{layer}" + ("_reverse" if backwards else "")
        w_ih, w_hh, b_ih, b_hh, w_hr = [
            getattr(self, name + suffix, None)  # not always a parameter: see nn/utils/hook_norms.py
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
        ]
        assert w_ih is not None and w_hh is not None
        step = STEPS[self.mode][1]
        from_x = F.linear(x, w_ih, b_ih)  # the inputs' part of all times at once
        times = list(split(from_x, sizes) if sizes else from_x.unbind(0))
        initial, finished, outs = state, [], []
        if backwards:
            times.reverse()
            state = tuple(s[: times[0].size(0)] for s in initial)
        for now in times:
            n, before = now.size(0), state[0].size(0)
            if n < before:  # shorter sequences end here ...
                finished.append(tuple(s[n:] for s in state))
                state = tuple(s[:n] for s in state)
            elif n > before:  # ... and, walking backwards, begin here
                state = tuple(cat([s, i[before:n]]) for s, i in zip(state, initial))
            state = step(now, F.linear(state[0], w_hh, b_hh), state)
            if w_hr is not None:
                state = F.linear(state[0], w_hr), *state[1:]
            outs.append(state[0])
        if finished:
            state = tuple(cat(parts) for parts in zip(*[state, *reversed(finished)]))
        if backwards:
            outs.reverse()
        return (cat(outs) if sizes else stack(outs)), state

    # --- checks and the state at the start

    def check_input(self, x: Tensor, dims: int) -> None:
        weight = self.weight_ih_l0
        if x.dtype != weight.dtype:
            raise ValueError(
                f"RNN input dtype ({x.dtype}) does not match weight dtype ({weight.dtype}). "
                f"Convert input: input.to({weight.dtype}), or convert model: model.to({x.dtype})"
            )
        if x.dim() != dims:
            raise RuntimeError(f"input must have {dims} dimensions, got {x.dim()}")
        if x.size(-1) != self.input_size:
            raise RuntimeError(
                "input.size(-1) must be equal to input_size. Expected "
                f"{self.input_size}, got {x.size(-1)}"
            )

    def start(self, hx: Any, x: Tensor, batch: int, alone: bool, order: Any) -> State:
        """The state at the start, checked: tensors (layers * directions, batch, size)."""
        rows = self.num_layers * self.directions()
        sizes = [self.proj_size or self.hidden_size]
        if self.mode == "LSTM":
            sizes.append(self.hidden_size)
        if hx is None:
            return tuple(zeros(rows, batch, size, dtype=x.dtype) for size in sizes)
        state: State = (hx[0], hx[1]) if self.mode == "LSTM" else (hx,)
        dims = 2 if alone else 3
        if order is None and any(s.dim() != dims for s in state):
            kind, name = ("unbatched", "2-D") if alone else ("batched", "3-D")
            if self.mode == "LSTM":
                raise RuntimeError(
                    f"For {kind} {name} input, hx and cx should also be {name} but got "
                    f"({state[0].dim()}-D, {state[1].dim()}-D) tensors"
                )
            raise RuntimeError(
                f"For {kind} {name} input, hx should also be {name} but got {state[0].dim()}-D "
                "tensor"
            )
        if alone:
            state = tuple(s.unsqueeze(1) for s in state)
        for i, (s, size) in enumerate(zip(state, sizes)):
            if tuple(s.shape) != (rows, batch, size):
                name = f"hidden[{i}]" if self.mode == "LSTM" else "hidden"
                raise RuntimeError(
                    f"Expected {name} size {(rows, batch, size)}, got {list(s.shape)}"
                )
        for s in state if self.mode == "LSTM" else ():
            if s.dtype != x.dtype:
                raise RuntimeError(
                    f"mat1 and mat2 must have the same dtype: the state is {s.dtype}, the input "
                    f"{x.dtype}; convert one with .to()"
                )
        return state if order is None else tuple(s.index_select(1, order) for s in state)


def check_settings(
    input_size: Any, hidden_size: Any, num_layers: int, bias: Any, batch_first: Any, dropout: Any,
    proj_size: int,
) -> None:  # fmt: skip
    """PyTorch's refusals."""
    float(dropout)  # a text or a list is no number at all
    number = isinstance(dropout, (int, float)) and not isinstance(dropout, bool)
    if not number or not 0 <= dropout <= 1:
        raise ValueError(
            "dropout should be a number in range [0, 1] representing the probability of an element "
            "being zeroed"
        )
    if dropout > 0 and num_layers == 1:
        warnings.warn(
            "dropout option adds dropout after all but last recurrent layer, so non-zero dropout "
            f"expects num_layers greater than 1, but got dropout={dropout} and "
            f"num_layers={num_layers}",
            stacklevel=4,
        )
    for name, value in (("bias", bias), ("batch_first", batch_first)):
        if not isinstance(value, bool):
            raise TypeError(f"{name} should be of type bool, got: {type(value).__name__}")
    for name, value in (("input_size", input_size), ("hidden_size", hidden_size)):
        if not isinstance(value, int):
            raise TypeError(f"{name} should be of type int, got: {type(value).__name__}")
        if value <= 0:
            raise ValueError(f"{name} must be greater than zero")
    if num_layers <= 0:
        raise ValueError("num_layers must be greater than zero")
    if proj_size < 0:
        raise ValueError("proj_size should be a positive integer or zero to disable projections")
    if proj_size >= hidden_size:
        raise ValueError("proj_size has to be smaller than hidden_size")


class RNN(RNNBase):
    """The plain recurrent layer; nonlinearity: 'tanh' or 'relu'.

    >>> import minigrad as mg
    >>> output, h = mg.nn.RNN(3, 4)(mg.zeros(5, 2, 3))
    >>> output.shape, h.shape
    (torch.Size([5, 2, 4]), torch.Size([1, 2, 4]))
    """

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, nonlinearity: str = "tanh",
        bias: bool = True, batch_first: bool = False, dropout: float = 0.0,
        bidirectional: bool = False, proj_size: int = 0, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        if proj_size:
            raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(
                f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'."
            )
        super().__init__(
            f"RNN_{nonlinearity.upper()}", input_size, hidden_size, num_layers, bias, batch_first,
            dropout, bidirectional, 0, device, dtype,
        )  # fmt: skip
        self.nonlinearity = nonlinearity


class LSTM(RNNBase):
    """Long short-term memory: the state is a pair (h, c).

    >>> import minigrad as mg
    >>> output, (h, c) = mg.nn.LSTM(3, 4, num_layers=2)(mg.zeros(5, 2, 3))
    >>> output.shape, h.shape
    (torch.Size([5, 2, 4]), torch.Size([2, 2, 4]))
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__("LSTM", *args, **kwargs)


class GRU(RNNBase):
    """The gated recurrent unit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("proj_size"):
            raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")
        super().__init__("GRU", *args, **kwargs)


# --- cells ---------------------------------------------------------------------------------------


class RNNCellBase(Module):
    """One step of a recurrent layer as a module: (B, in) or (in,) and a state to a state."""

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool, num_chunks: int, device: Any = None,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        gates = num_chunks * hidden_size
        shapes: dict[str, tuple[int, ...]] = {"weight_ih": (gates, input_size)}
        shapes |= {"weight_hh": (gates, hidden_size), "bias_ih": (gates,), "bias_hh": (gates,)}
        for name, shape in shapes.items():
            wanted = bias or name.startswith("weight")
            param = new_parameter(*shape, device=device, dtype=dtype) if wanted else None
            self.register_parameter(name, param)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new numbers, evenly from ±1/sqrt(hidden_size)."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def step(self, mode: str, input: Tensor, state: State | None) -> State:
        """The next state; states may come without a batch dimension too."""
        if input.dim() not in (1, 2):
            raise ValueError(
                f"{self._get_name()}: Expected input to be 1D or 2D, got {input.dim()}D instead"
            )
        for i, s in enumerate(state or ()):
            if s.dim() not in (1, 2):
                name = f"hx[{i}]" if mode == "LSTM" else "hidden"
                raise ValueError(
                    f"{self._get_name()}: Expected {name} to be 1D or 2D, got {s.dim()}D instead"
                )
        alone = input.dim() == 1
        x = input.unsqueeze(0) if alone else input
        if x.size(1) != self.input_size:
            raise RuntimeError(
                f"input has inconsistent input_size: got {x.size(1)} expected {self.input_size}"
            )
        if state is None:
            empty = zeros(x.size(0), self.hidden_size, dtype=x.dtype)
            state = (empty, empty) if mode == "LSTM" else (empty,)
        elif alone:
            state = tuple(s.unsqueeze(0) for s in state)
        for i, s in enumerate(state):
            if s.size(0) != x.size(0):
                raise RuntimeError(
                    f"Input batch size {x.size(0)} doesn't match hidden{i} batch size {s.size(0)}"
                )
            if s.size(1) != self.hidden_size:
                raise RuntimeError(
                    f"hidden{i} has inconsistent hidden_size: got {s.size(1)}, expected "
                    f"{self.hidden_size}"
                )
        if mode == "LSTM" and not state[1].is_floating_point() and not state[1].is_complex():
            state = state[0], state[1].to(x.dtype)  # promoted as PyTorch does, not as NumPy
        from_x = F.linear(x, self.weight_ih, self.bias_ih)
        state = STEPS[mode][1](from_x, F.linear(state[0], self.weight_hh, self.bias_hh), state)
        return tuple(s.squeeze(0) for s in state) if alone else state

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        if not self.bias:
            text += f", bias={self.bias}"
        if getattr(self, "nonlinearity", "tanh") != "tanh":
            text += f", nonlinearity={self.nonlinearity}"
        return text


class RNNCell(RNNCellBase):
    """One step of an RNN."""

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh",
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        if self.nonlinearity not in ("tanh", "relu"):
            raise RuntimeError(f"Unknown nonlinearity: {self.nonlinearity}")
        mode = f"RNN_{self.nonlinearity.upper()}"
        return self.step(mode, input, None if hx is None else (hx,))[0]


class LSTMCell(RNNCellBase):
    """One step of an LSTM: returns (h, c)."""

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input: Tensor, hx: Any = None) -> State:
        if isinstance(hx, Tensor) and hx.dim() in (2, 3):
            raise TypeError(
                "lstm_cell(): argument 'hx' (position 2) must be tuple of Tensors, not Tensor: an "
                "LSTM has two states, (h, c)"
            )
        return self.step("LSTM", input, None if hx is None else tuple(hx))


class GRUCell(RNNCellBase):
    """One step of a GRU."""

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        return self.step("GRU", input, None if hx is None else (hx,))[0]
