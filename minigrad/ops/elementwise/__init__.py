r"""Operations on each element by itself, or on two elements that stand in the same place.

If $y_i = f(x_i)$, then $\bar x_i = \bar y_i f'(x_i)$: each vjp is a derivative from the table in a
calculus book, and two operands are stretched (broadcast) to one shape.

* ``arithmetic.py``: add, sub, mul, div, pow, remainders, and copies.
* ``exponentials.py``: exp, log, sqrt, and what else is a power or a logarithm.
* ``trigonometry.py``: sin, cos, tan, their inverses, and the hyperbolic functions.
* ``signs.py``: abs, sign, copysign.
* ``rounding.py``: floor, ceil, trunc, round.
* ``limits.py``: clamp, relu, and numbers for nan.
* ``comparisons.py``: eq, lt ..., and choosing: where, maximum, minimum.
* ``blends.py``: three tensors in one formula: lerp, addcmul, addcdiv.
* ``logic.py``: questions with the answer True or False, and operations on bits.
* ``complex_numbers.py``: real and imaginary parts, angles.
* ``error_and_gamma.py``: the error function, the gamma function, and their derivatives.
* ``normal_distribution.py``: areas under the normal curve, exact far out.
* ``bessel.py``: Bessel functions.
"""
