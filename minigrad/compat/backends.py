"""``mg.backends``: other ways to compute, none of which is here, for programs that ask."""

from ..faithful.public_names import name_publicly as _name_publicly


class Backend:
    """A library that PyTorch can compute with."""

    enabled = False
    deterministic = False
    benchmark = False

    def is_available(self) -> bool:
        return False

    is_built = is_available


mps = Backend()
cudnn = Backend()
cuda = Backend()


_name_publicly(globals())
