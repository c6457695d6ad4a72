"""Neural networks under PyTorch's names: functions in ``nn.functional``, modules around them.

One family of modules is one file, such as ``recurrent.py``; ``module.py`` is what they all are.
The same seed gives the initial numbers that PyTorch gives.

>>> import minigrad as mg
>>> _ = mg.manual_seed(0)
>>> net = mg.nn.Sequential(mg.nn.Linear(2, 3), mg.nn.Tanh(), mg.nn.Linear(3, 1))
>>> net(mg.tensor([[1.0, 2.0]]))
tensor([[-0.3233]], grad_fn=<AddmmBackward0>)
"""

from ..faithful.public_names import name_publicly as _name_publicly
from . import functional, init, modules, parallel, parameter, utils
from .modules import *

_name_publicly(globals())
