"""How methods come onto Tensor: a class of methods by subject, hung on as a whole."""

from ..core import hang_on as idiom
from ..core.tensor import Tensor

hang_on = idiom.hang_on(Tensor)
