"""Neural networks under PyTorch's names: functions in ``nn.functional``, modules around them."""

from . import functional
