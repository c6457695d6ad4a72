"""Two runs of one program, by drive.py: how far do they agree?"""

import math
import re

NUMBER = re.compile(r"(?<![A-Za-z_\d.])[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|nan|inf)(?![A-Za-z_])")


def near(a, b, tolerance):
    """Two numbers, up to rounding: relative to their size, or one in the last printed digit."""
    a, b = float(a), float(b)
    if math.isnan(a) or math.isnan(b) or math.isinf(a) or math.isinf(b):
        return a == b or (math.isnan(a) and math.isnan(b))
    return abs(a - b) <= tolerance * max(abs(a), abs(b), 1e-2)


def digit(text):
    """The size of one unit in a printed number's last digit; 0 for a whole number."""
    digits, _, power = text.partition("e")
    decimals = digits.partition(".")[2]
    return 10.0 ** (int(power or 0) - len(decimals)) if "." in digits else 0.0


def words(line):
    line = re.sub(r" object at 0x[0-9a-f]+", "", line)
    return re.sub(r"[\s-]*#", " #", re.sub(r"\s+", " ", NUMBER.sub("#", line)))


def same_line(a, b, tolerance):
    if words(a) != words(b):
        return False
    pairs = zip(NUMBER.findall(a), NUMBER.findall(b))
    return all(
        near(x, y, tolerance) or abs(float(x) - float(y)) <= 1.01 * digit(y) for x, y in pairs
    )


def different_variables(ours, theirs, tolerance, where=""):
    """The names of the variables that differ."""
    for name in sorted(ours.keys() | theirs.keys()):
        a, b = ours.get(name), theirs.get(name)
        if isinstance(a, dict) and isinstance(b, dict):
            yield from different_variables(a, b, tolerance, f"{where}{name}.")
        elif isinstance(a, list) and isinstance(b, list):  # shape, dtype, sum, sum of magnitudes
            if a[:2] != b[:2]:
                yield f"{where}{name}: {a[:2]}, in PyTorch {b[:2]}"
            elif abs(a[2] - b[2]) > tolerance * max(abs(b[3]), 1e-2) or not near(
                a[3], b[3], tolerance
            ):
                yield f"{where}{name}: sums {a[2:]}, in PyTorch {b[2:]}"
        elif isinstance(a, float) and isinstance(b, float):
            if not near(a, b, tolerance):
                yield f"{where}{name}: {a}, in PyTorch {b}"
        elif isinstance(a, str) and isinstance(b, str):
            if not same_line(a, b, tolerance):
                yield f"{where}{name}: {a!r}, in PyTorch {b!r}"
        elif a != b:
            yield f"{where}{name}: {a}, in PyTorch {b}"


def differences(ours, theirs, tolerance):
    """What differs between minigrad's run and PyTorch's, in words; nothing if they agree."""
    if ours["error"] or ours["ended"] != theirs["ended"]:
        return [ours["error"].strip().splitlines()[-1] if ours["error"] else ours["ended"]]
    found = [
        f"line {i + 1}: {a!r}, in PyTorch {b!r}"
        for i, (a, b) in enumerate(zip(ours["lines"], theirs["lines"]))
        if not same_line(a, b, tolerance)
    ]
    if len(ours["lines"]) != len(theirs["lines"]):
        found.append(f"{len(ours['lines'])} lines, in PyTorch {len(theirs['lines'])}")
    return found + list(different_variables(ours["variables"], theirs["variables"], tolerance))
