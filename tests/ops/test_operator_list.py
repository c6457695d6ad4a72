"""The tables of calls reach every operation and every public function; docs/operators.md is new."""

import inspect
import sys

import covered
import pytest
from places import ROOT

import minigrad as mg
import minigrad.nn.functional as F
from minigrad.core.op import ALL_OPS
from minigrad.ops.elementwise import polynomials, scipy_functions
from minigrad.ops.shaping import copied_views

DOCS = ROOT / "docs"

# Names that compute nothing that a table could compare; tested where it says.
ELSEWHERE = {
    "test_random.py, nn's dropout tests": """
        manual_seed seed initial_seed get_rng_state set_rng_state rand randn randint randperm normal
        bernoulli multinomial rand_like randn_like randint_like normal_ uniform_ random_ bernoulli_
        exponential_ cauchy_ geometric_ log_normal_
        dropout1d dropout2d dropout3d feature_alpha_dropout gumbel_softmax rrelu_
        alpha_dropout dropout rrelu
    """,
    "the tests of autograd": """
        backward retain_grad register_hook register_post_accumulate_grad_hook requires_grad_
        is_inference is_grad_enabled is_inference_mode_enabled is_anomaly_enabled vmap
        is_anomaly_check_nan_enabled
    """,
    "test_programs.py": "resize_ resize_as_",
    "test_memory.py": "set_ is_set_to view_copy resolve_conj resolve_neg",
    "test_settings.py": """
        get_default_dtype set_default_dtype set_default_tensor_type get_default_device
        set_default_device get_num_threads set_num_threads set_float32_matmul_precision
        use_deterministic_algorithms are_deterministic_algorithms_enabled set_printoptions
        is_conj is_neg is_coalesced is_distributed is_pinned is_shared get_device data_ptr cuda
        pin_memory share_memory_ new type_name item get_float32_matmul_precision compile
    """,
}
ELSEWHERE["test_operator_database.py"] = " ".join([
    "igamma igammac gammainc gammaincc cauchy_ geometric_ log_normal_ upsample_nearest",
    "upsample_bilinear", *polynomials.FUNCTIONS, *scipy_functions.FUNCTIONS, *copied_views.NAMES,
])  # fmt: skip
ELSEWHERE["test_storage.py"] = "set_ is_set_to"
ELSEWHERE["test_hooks_and_modes.py"] = "unsafe_split_with_sizes"
ELSEWHERE["tests of padding layers"] = "constant_pad_nd"
EXEMPT = {name for text in ELSEWHERE.values() for name in text.split()}


# Their backward pass refuses, as PyTorch's does (test_nan_and_limits.py, test_small_shapes.py).
REFUSING = {"FloorDivide", "Found", "Heaviside", "NegativeInPlace", "NextAfter"}


def differentiable_ops():
    for name, op in ALL_OPS.items():
        if name in REFUSING:
            continue
        # Modules stand on the first two (test_nn_*.py); the others need SciPy, or draw.
        other = op.__module__.endswith(
            (".hook_point", ".recurrent", ".scipy_functions", ".random_results")
        )
        here = op.__module__.startswith(("minigrad.core.", "minigrad.ops.")) and not other
        if here and op.differentiable:
            yield name, op


@pytest.mark.parametrize("name", [name for name, _ in differentiable_ops()])
def test_every_operation_is_in_a_table(name):
    """Add a line to core_cases.py or functional_cases.py (or a Case) for a new operation."""
    reached = covered.orders()
    heirs = [c.__name__ for c in ALL_OPS[name].__subclasses__()]
    assert name in reached or any(h in reached for h in heirs)


def test_second_derivatives_are_compared_of_all_others():
    reached = covered.orders()
    short = {name for name, op in differentiable_ops() if reached.get(name, 2) < 2}
    excepted = covered.NO_SECOND_OPS | covered.OF_GRADIENTS
    assert short <= excepted, "compare the second order of these in a table"


def test_pytorch_has_no_second_derivative_of_the_others():
    torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")
    small = {
        "hardsigmoid": lambda x: torch.nn.functional.hardsigmoid(x),
        "multi_margin_loss": lambda x: torch.nn.functional.multi_margin_loss(x, k),
        "multilabel_margin_loss": lambda x: torch.nn.functional.multilabel_margin_loss(x, k3),
        "ctc_loss": lambda x: torch.ctc_loss(x.log_softmax(1), k[:1] + 1, (3,), (1,)),
        "embedding_bag": lambda x: torch.nn.functional.embedding_bag(k3, x),
        "pdist": torch.pdist,
        "cdist": lambda x: torch.cdist(x, x + 1),
    }
    assert set(small) == covered.NO_SECOND
    k, k3 = torch.tensor([0, 1, 2]), torch.tensor([[0, 1, 2]] * 3)
    for name, call in small.items():
        x = torch.arange(9.0).reshape(3, 3).sin().requires_grad_()
        y = call(x)
        weight = torch.ones_like(y, requires_grad=True)
        (g,) = torch.autograd.grad(y, x, weight, create_graph=True)
        with pytest.raises((RuntimeError, NotImplementedError), match="is not implemented"):
            torch.autograd.grad(g.sum(), [x, weight], allow_unused=True)
        assert covered.names()[name] == 1


# The others draw, record, load ...
COMPUTING = ("minigrad.core.", "minigrad.ops.", "minigrad.tensors.", "minigrad.compat.")


def public_functions():
    spaces = {"torch": mg, "F": F, "linalg": mg.linalg, "special": mg.special, "Tensor": mg.Tensor}
    for space, module in spaces.items():
        for name in vars(module):
            value = getattr(module, name)
            if name.startswith("_") or not inspect.isfunction(value):
                continue
            where = inspect.unwrap(value).__globals__["__name__"]
            if space == "Tensor" and where.startswith("minigrad") or where.startswith(COMPUTING):
                yield space, name


@pytest.mark.parametrize(("space", "name"), list(public_functions()))
def test_every_public_function_is_called_in_a_table(space, name):
    assert name in covered.names() or name in EXEMPT


def test_the_list_in_the_documentation_is_current():
    sys.path.insert(0, str(DOCS))
    try:
        import make_operators
    finally:
        sys.path.remove(str(DOCS))
    committed = (DOCS / "operators.md").read_text(encoding="utf-8")
    assert committed == make_operators.document(), "run: python docs/make_operators.py"


def test_a_function_that_no_table_calls_is_noticed():
    """The tests above can fail: a name that is nowhere is not found."""
    assert "no_such_function" not in covered.names()
    assert covered.names()["tanh"] == 2 and covered.names()["argmax"] == 0
    assert covered.orders()["Tanh"] == 2 and covered.orders()["Hardsigmoid"] == 1
