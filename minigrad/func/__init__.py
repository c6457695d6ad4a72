"""Functions of functions, as ``torch.func`` has them: ``grad``, ``vmap``, ``jvp``, ``jacrev`` ...

>>> import minigrad as mg
>>> per_sample = mg.func.vmap(mg.func.grad(lambda x: x**2))
>>> per_sample(mg.tensor([1.0, 2.0, 3.0]))
tensor([2., 4., 6.])
"""

from ..faithful.public_names import name_publicly as _name_publicly
from .functional_call import functional_call, stack_module_state
from .transforms import grad, grad_and_value, hessian, jacfwd, jacrev, jvp, linearize, vjp
from .vectorize import vmap

__all__ = [
    "functional_call", "grad", "grad_and_value", "hessian", "jacfwd", "jacrev", "jvp", "linearize",
    "stack_module_state", "vjp", "vmap",
]  # fmt: skip

_name_publicly(globals())
