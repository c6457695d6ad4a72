"""A layer and its batch norm as one layer give the same outputs; as in PyTorch."""

import pytest


def layers(m):
    nn = m.nn
    return [
        (nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3), (4, 2, 5, 5), False),
        (nn.Conv2d(2, 3, 2, bias=False), nn.BatchNorm2d(3, affine=False), (4, 2, 5, 5), False),
        (nn.ConvTranspose1d(2, 3, 2), nn.BatchNorm1d(3), (4, 2, 5), True),
        (nn.Linear(4, 3), nn.BatchNorm1d(3), (4, 4), None),
        (nn.Linear(4, 3, bias=False), nn.BatchNorm1d(3), (4, 4), None),
    ]


@pytest.mark.parametrize("i", range(5))
def test_fused_layers_compute_the_same(m, i):
    m.manual_seed(i)
    layer, norm, shape, transpose = layers(m)[i]
    norm.running_mean.normal_()
    norm.running_var.uniform_(0.5, 2.0)
    utils = m.nn.utils
    with pytest.raises(AssertionError, match="eval"):
        utils.fuse_conv_bn_eval(layer, norm)
    layer.eval(), norm.eval()
    if transpose is None:
        fused = utils.fuse_linear_bn_eval(layer, norm)
    else:
        fused = utils.fuse_conv_bn_eval(layer, norm, transpose)
    x = m.randn(shape)
    assert m.allclose(fused(x), norm(layer(x)), atol=1e-5)
    assert fused.weight.requires_grad and fused.bias.requires_grad == (layer.bias is not None)
