"""A user's autograd.Function inside of vmap: what its static method vmap is given and gives."""

import pytest

import minigrad as mg

pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning")


def function_with(m, vmap, rule=False):
    """A Function whose vmap is this."""

    class Given(m.autograd.Function):
        generate_vmap_rule = rule

        @staticmethod
        def forward(*args):
            return args[0].clone()

        @staticmethod
        def setup_context(ctx, inputs, output):
            pass

        @staticmethod
        def backward(ctx, g):
            return g

    Given.vmap = staticmethod(vmap)
    return Given


def test_it_sees_the_batch_where_the_user_has_it(m):
    seen = []

    def rule(info, in_dims, x, y):
        seen.append((info.batch_size, in_dims, x.shape))
        return x * 2, in_dims[0]

    x = m.arange(12.0).reshape(3, 4)
    call = function_with(m, rule).apply
    out = m.func.vmap(call, in_dims=(1, None))(x, 5)
    assert seen == [(4, (1, None), (3, 4))]
    assert out.tolist() == (x.t() * 2).tolist()
    # what is computed in between has its batch in front
    m.func.vmap(lambda x: call(x.sin(), 5), in_dims=1)(x)
    assert seen[1] == (4, (0, None), (4, 3)) or m is not mg


def test_arguments_and_results_in_lists(m):
    def rule(info, in_dims, x, pair):
        assert in_dims == (0, [0, 0])
        return (x, pair), in_dims

    x = m.arange(3.0)
    out, pair = m.func.vmap(function_with(m, rule).apply)(x, [x, x + 1])
    assert out.tolist() == [0, 1, 2] and [p.tolist() for p in pair] == [[0, 1, 2], [1, 2, 3]]


def test_what_it_may_not_return(m):
    x = m.ones(2, 3)
    for answer in ((x,), x, (x, x, 0, 0)):
        rule = function_with(m, lambda info, in_dims, x: answer)  # noqa: B023
        with pytest.raises(RuntimeError, match="to have two returns"):
            m.func.vmap(rule.apply)(x)
    rule = function_with(m, lambda info, in_dims, x: (x, (None,)))
    with pytest.raises(RuntimeError, match="returned an incompatible"):
        m.func.vmap(rule.apply)(x)


def test_either_a_rule_or_a_method(m):
    both = function_with(m, lambda info, in_dims, x: (x, 0), rule=True)
    with pytest.raises(RuntimeError, match="both generate_vmap_rule=True and an overrid"):
        m.func.vmap(both.apply)(m.ones(2))


def test_tensors_by_name_only(m):
    class Named(m.autograd.Function):
        @staticmethod
        def forward(x, *, y):
            return x + y

        @staticmethod
        def setup_context(ctx, inputs, output):
            pass

        @staticmethod
        def vmap(info, in_dims, x, *, y):
            return x + y, 0

    with pytest.raises(NotImplementedError, match="kwarg-only Tensor args"):
        m.func.vmap(Named.apply)(m.ones(3), y=m.ones(3))


def test_its_node_says_that_a_transform_made_it(m):
    names = []
    call = function_with(m, None).apply

    def f(x):
        y = call(x)
        names.append(type(y.grad_fn).__name__)
        return y

    m.func.grad(f)(m.tensor(1.0))
    f(m.tensor(1.0, requires_grad=True))
    assert names == ["GivenGeneratedBackward", "GivenBackward"]
