"""The random calls that are compared with PyTorch (test_random.py, make_random.py)."""

SEEDS = [0, 1, 2**40 + 3, -5]

SIZES = [0, 1, 2, 7, 15, 16, 17, 31, 32, 33, 100, 1003, 40000]

CALLS = [
    *[f"torch.rand({n})" for n in SIZES],
    *[f"torch.randn({n})" for n in SIZES],
    *[f"torch.{f}({n}, dtype=torch.float64)" for f in ("rand", "randn") for n in SIZES],
    *[f"torch.{f}({n}, dtype=torch.float16)" for f in ("rand", "randn") for n in (3, 16, 33)],
    *[f"torch.randint(-3, 17, ({n},))" for n in (0, 5, 1003)],
    "torch.randint(2**27, (5,))",
    "torch.randint(2**28, (5,))",
    "torch.randint(-3, 2**40, (5,))",
    "torch.randint(-2**63, 2**63 - 1, (5,))",
    "torch.randint(10, (2, 3), dtype=torch.int32)",
    *[f"torch.randperm({n})" for n in (0, 1, 2, 10, 1003)],
    "torch.empty(40).normal_(2.0, 3.0)",
    "torch.empty(5).normal_(2.0, 3.0)",
    "torch.empty(40, dtype=torch.float64).normal_(2.0, 3.0)",
    "torch.empty(40).uniform_(-2.0, 3.0)",
    "torch.empty(40, dtype=torch.float64).uniform_(-2.0, 3.0)",
    *[f"torch.empty(9, dtype=torch.{d}).random_()"
      for d in ("float32", "float64", "int64", "int32", "uint8", "bool")],
    "torch.empty(9).random_(5)",
    "torch.empty(9).random_(-5, 5)",
    "torch.empty(40).bernoulli_(0.3)",
    "torch.bernoulli(torch.arange(40) / 40)",
    "torch.bernoulli(torch.arange(40, dtype=torch.float64) / 40)",
    "torch.empty(40).exponential_(0.3)",
    "torch.normal(torch.arange(20.0), 2.0)",
    "torch.normal(1.0, torch.arange(20.0))",
    "torch.normal(torch.arange(5.0), torch.arange(5.0))",
    "torch.normal(1.0, 2.0, (20,))",
    "torch.multinomial(torch.arange(1.0, 20.0), 7, True)",
    "torch.multinomial(torch.arange(1.0, 20.0), 7)",
    "torch.multinomial(torch.ones(3, 5), 1)",
    "torch.rand_like(torch.zeros(2, 3))",
    "torch.randn_like(torch.zeros(2, 3))",
    "torch.randint_like(torch.zeros(2, 3), 9)",
    # One after another: the second sample of a pair of normal numbers is kept for later.
    "torch.cat([torch.randn(3), torch.rand(3), torch.randn(2), torch.randn(20), torch.randn(3)])",
]  # fmt: skip
