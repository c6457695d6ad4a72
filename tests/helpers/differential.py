"""Compare one call in minigrad and in PyTorch: numbers, dtypes, names, gradients of two orders."""

import numpy as np

import minigrad as mg


def numbers(seed, *shapes, low=-2.0, high=2.0, dtype=np.float64):
    """Arrays of distinct random numbers, so that no maximum is shared and no kink is hit."""
    rng = np.random.default_rng(seed)
    return [np.asarray(rng.uniform(low, high, shape)).astype(dtype) for shape in shapes]


def given_to(lib, a, transposed):
    """The array as a tensor, in another order of memory if ``transposed``."""
    if not transposed or a.ndim < 2:
        return lib.tensor(a)
    order = tuple(range(a.ndim))[::-1]
    return lib.tensor(a.transpose(order).copy()).permute(order)


def run(lib, call, arrays, seed, order, fixed=(), transposed=False):
    """Outputs, gradients, and gradients of the gradients, as arrays."""
    given = [given_to(lib, a, transposed) for a in arrays]
    leaves = [
        t.requires_grad_()
        for i, t in enumerate(given)
        if (t.is_floating_point() or t.is_complex()) and i not in fixed
    ]  # fmt: skip
    outs = call(lib, *given)
    outs = list(outs) if isinstance(outs, (tuple, list)) else [outs]
    names = [o.grad_fn.name().split("::")[-1] if o.grad_fn is not None else None for o in outs]
    views = [o._is_view() for o in outs]
    smooth = [o for o in outs if o.requires_grad]
    result = {"out": [o.detach().numpy(force=True) for o in outs], "names": names, "views": views}
    if not smooth or order == 0:
        return result
    # The weights are leaves too: that also tests the backward pass of a linear backward pass.
    weights = [
        lib.tensor(w)
        for o, w in zip(smooth, numbers(seed + 1, *[tuple(o.shape) for o in smooth]))
    ]
    weights = [w.to(o.dtype).detach().requires_grad_() for o, w in zip(smooth, weights)]
    first = lib.autograd.grad(smooth, leaves, weights, create_graph=order > 1, allow_unused=True)
    result["first"] = [None if g is None else g.detach().numpy(force=True) for g in first]
    smooth2 = [g for g in first if g is not None and g.requires_grad]
    if order == 1 or not smooth2:
        return result
    # By the leaf's number: which gradients are constant may differ.
    w2 = [lib.tensor(numbers(seed + 2 + i, tuple(g.shape))[0]).to(g.dtype)
          for i, g in enumerate(first) if g is not None and g.requires_grad]  # fmt: skip
    second = lib.autograd.grad(smooth2, leaves + weights, w2, allow_unused=True)
    result["second"] = [None if g is None else g.detach().numpy(force=True) for g in second]
    return result


def same(ours, theirs, rtol, what):
    if theirs is None or ours is None:
        given = ours if theirs is None else theirs
        nothing = given is None or np.abs(given).max(initial=0) <= rtol
        assert nothing, f"{what}: one is None, the other {given}"
        return
    assert ours.shape == theirs.shape, f"{what}: shape {ours.shape}, PyTorch {theirs.shape}"
    assert ours.dtype == theirs.dtype, f"{what}: dtype {ours.dtype}, PyTorch {theirs.dtype}"
    scale = max(1.0, float(np.abs(theirs[np.isfinite(theirs)]).max(initial=0))) \
        if theirs.dtype.kind in "fc" else 1.0  # fmt: skip
    np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=rtol * scale, err_msg=what)


def compare(torch, call, arrays, *, seed=0, order=2, rtol=1e-9, names=True, views=False, fixed=(),
            transposed=False):  # fmt: skip
    """Assert that ``call(library, *tensors)`` does the same in both libraries.

    order: how many derivatives to compare. names: the grad_fn's name too. views: also whether the
    results share memory. fixed: numbers of the arguments that get no gradient.
    transposed: give the numbers in another order of memory.
    """
    ours = run(mg, call, arrays, seed, order, fixed, transposed)
    theirs = run(torch, call, arrays, seed, order, fixed, transposed)
    assert len(ours["out"]) == len(theirs["out"])
    if names and not transposed:  # the names tell whether a reshape had to copy
        assert ours["names"] == theirs["names"]
    if views:
        assert ours["views"] == theirs["views"]
    for key in ("out", "first", "second"):
        ours_all, theirs_all = ours.get(key, []), theirs.get(key, [])
        if len(ours_all) != len(theirs_all):  # a gradient that is constant in one of the two
            for g in ours_all + theirs_all:
                same(g, None, rtol, f"{key}: {ours_all} / {theirs_all}")
            continue
        for i, (a, b) in enumerate(zip(ours_all, theirs_all, strict=True)):
            same(a, b, rtol, f"{key} {i}")


def refusals(library, functional, calls, names):
    """What each of the refused ``calls`` raises: (type, message), None if nothing."""
    raised = {}
    for text in calls:
        try:
            eval(text, {"torch": library, "F": functional, **names(library)})
            raised[text] = None
        except Exception as error:
            raised[text] = (type(error).__name__, str(error))
    return raised


def opening(message, n=4):
    """The first words of a message."""
    return [word.strip(".,:;") for word in message.split()[:n]]
