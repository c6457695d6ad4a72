r"""The gates of recurrent cells: from what the input and the state say to the next state.

``from_x`` is $W_{ih} x + b_{ih}$ and ``from_h`` is $W_{hh} h + b_{hh}$, both of shape
(batch, gates * hidden): the gates stand side by side. One operation does all of a cell's gates, so
that a sequence of a hundred steps is a graph of a few hundred nodes and not of thousands.

Sources: Hochreiter and Schmidhuber 1997; Cho et al. 2014.
"""

from __future__ import annotations

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor


def sigmoid(x):
    with np.errstate(over="ignore"):
        return np.reciprocal(1 + np.exp(-x))


class LstmCell(Op):
    """The gates i, f and o say what to take in, what to forget and what to show."""

    formula = (
        r"(i, f, u, o) = a_x + a_h;\quad "
        r"c' = \sigma(f) \odot c + \sigma(i) \odot \tanh u;\quad h' = \sigma(o) \odot \tanh c'"
    )
    multi_output = True

    def forward(from_x, from_h, c):
        i, f, u, o = np.split(from_x + from_h, 4, axis=1)
        new = sigmoid(f) * c + sigmoid(i) * np.tanh(u)
        return sigmoid(o) * np.tanh(new), new

    def vjp(g, needs, from_x, from_h, c, xp):
        r"""\bar c' \mathrel{+}= \bar h' \sigma(o) (1 - \tanh^2 c');\quad
        \bar c = \bar c' \sigma(f);\quad \bar f = \bar c' c\, \sigma'(f);\quad
        \bar i = \bar c' \tanh(u)\, \sigma'(i);\quad \bar u = \bar c' \sigma(i) (1 - \tanh^2 u);
        \quad \bar o = \bar h' \tanh(c')\, \sigma'(o)"""
        g_h, g_c = g
        n = c.shape[1]
        gates = from_x + from_h
        i, f = xp.sigmoid(gates[:, :n]), xp.sigmoid(gates[:, n : 2 * n])
        u, o = xp.tanh(gates[:, 2 * n : 3 * n]), xp.sigmoid(gates[:, 3 * n :])
        if g_h is None:
            g_o = g_c * 0
        else:
            shown = xp.tanh(f * c + i * u)
            g_o = g_h * shown * o * (1 - o)
            g_new = g_h * o * (1 - shown * shown)
            g_c = g_new if g_c is None else g_c + g_new
        g_i = g_c * u * i * (1 - i)
        g_f = g_c * c * f * (1 - f)
        g_u = g_c * i * (1 - u * u)
        g_gates = xp.cat([g_i, g_f, g_u, g_o], dim=1)
        return g_gates, g_gates, g_c * f


class GruCell(Op):
    """The gate r says how much of the state to ask, z how much of it to keep."""

    formula = (
        r"r = \sigma(a_{x,r} + a_{h,r});\quad z = \sigma(a_{x,z} + a_{h,z});\quad "
        r"n = \tanh(a_{x,n} + r \odot a_{h,n});\quad h' = (h - n) \odot z + n"
    )

    def forward(from_x, from_h, h):
        x_r, x_z, x_n = np.split(from_x, 3, axis=1)
        h_r, h_z, h_n = np.split(from_h, 3, axis=1)
        n = np.tanh(x_n + h_n * sigmoid(h_r + x_r))
        return (h - n) * sigmoid(h_z + x_z) + n

    def vjp(g, needs, from_x, from_h, h, xp):
        r"""\bar h = \bar h' z;\quad \bar z = \bar h' (h - n)\, \sigma'(z);\quad
        \bar n = \bar h' (1 - z) (1 - n^2);\quad \bar r = \bar n\, a_{h,n}\, \sigma'(r)"""
        k = h.shape[1]
        both = from_x[:, : 2 * k] + from_h[:, : 2 * k]
        r, z = xp.sigmoid(both[:, :k]), xp.sigmoid(both[:, k:])
        h_n = from_h[:, 2 * k :]
        n = xp.tanh(from_x[:, 2 * k :] + h_n * r)
        g_n = g * (1 - z) * (1 - n * n)
        g_z = g * (h - n) * z * (1 - z)
        g_r = g_n * h_n * r * (1 - r)
        return xp.cat([g_r, g_z, g_n], dim=1), xp.cat([g_r, g_z, g_n * r], dim=1), g * z


def lstm_gates(from_x: Tensor, from_h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """The next h and c of an LSTM."""
    h, c = apply(LstmCell, (from_x, from_h, c))
    return h, c


def gru_gates(from_x: Tensor, from_h: Tensor, h: Tensor) -> Tensor:
    """The next h of a GRU."""
    new: Tensor = apply(GruCell, (from_x, from_h, h))
    return new
