"""A module in a notebook: a tree that opens and closes, with parameters, shapes and their numbers.

It is made of HTML's own ``<details>``, so it opens by click and by keyboard and needs neither
scripts nor a style sheet; colours are the page's, so it is legible on light and dark pages. Modules
that follow each other and are alike are one line, "Block × 4". What belongs to several modules is
counted once, and says where it is too. (As text, a module is printed as in PyTorch.)
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

SMALL = 20  # modules: a tree of up to so many lines is open from the start
BOX = "font-family: monospace; font-size: 90%; line-height: 1.5; overflow-wrap: anywhere"
INDENT = "margin-left: 1.5em"
LEAF = "margin-left: 1.1em"  # lines that do not open: below the text of those that do
FAINT = "opacity: 0.75"


def module_html(module: Any) -> str:
    """The tree of a module (an ``nn.Module``) as HTML."""
    tree = Tree(module)
    return f'<div class="minigrad-module" style="{BOX}">{tree.part("", [module], True)}</div>'


class Tree:
    """Writes the tree of one module."""

    def __init__(self, root: Any) -> None:
        places = list(paths(root))
        self.first: dict[int, str] = {}  # by the id of a parameter, where it is first
        for path, module in places:
            for name, p in module._parameters.items():
                if p is not None:
                    self.first.setdefault(id(p), f"{path}.{name}".lstrip("."))
        self.shown: dict[int, str] = {}  # by the id of a module, where it was shown
        self.small = len(places) <= SMALL
        self.alike: dict[int, Any] = {}  # by the id of a module, what it looks like

    def part(self, path: str, modules: list[Any], is_open: bool) -> str:
        """Modules that are alike, as one line and what is below it when it is opened."""
        module, n = modules[0], len(modules)
        before = self.shown.get(id(module))
        for one in modules:
            self.shown.setdefault(id(one), path)
        name = path.rsplit(".", 1)[-1]
        if n > 1:
            start = int(name) if name.isdigit() else None
            name = f"{name} … {name if start is None else start + n - 1}"
        extra = " ".join(module.extra_repr().split())
        said = f"({name}) " if name else ""
        said = f"{escape(said)}<b>{escape(module._get_name())}</b>"
        if n > 1:
            said += f"<b> × {n:,}</b>"
        said += f"({escape(extra)})" if extra else ""
        if before is not None:
            shared = f"the same module as {before}" if before else "the module itself"
            return f'<div style="{LEAF}">{said} {faint(shared)}</div>'
        said += f" {faint(counted(modules))}"
        below = [*self.own(path, module), *self.children(path, module)]
        if not below:
            return f'<div style="{LEAF}">{said}</div>'
        if n > 1:
            below.insert(0, f'<div style="{LEAF}">{faint("each of them:")}</div>')
        is_open = is_open or (self.small and bool(module._modules))
        inside = f'<div style="{INDENT}">{"".join(below)}</div>'
        return f"<details{' open' * is_open}><summary>{said}</summary>{inside}</details>"

    def own(self, path: str, module: Any) -> Iterator[str]:
        """A line for each parameter and buffer of the module itself."""
        for name, p in module._parameters.items():
            if p is None:
                continue
            kind = "trainable" if p.requires_grad else "frozen"
            here = f"{path}.{name}".lstrip(".")
            if self.first[id(p)] != here:
                kind += f", the same as {self.first[id(p)]}"
            yield tensor_line(name, p, kind)
        for name, buffer in module._buffers.items():
            if buffer is not None:
                yield tensor_line(name, buffer, "buffer")

    def children(self, path: str, module: Any) -> Iterator[str]:
        """The modules below, those that are alike and follow each other together."""
        group: list[Any] = []
        first = ""
        for name, child in module._modules.items():
            if child is None:
                continue
            new = id(child) not in self.shown and all(child is not m for m in group)
            if group and new and name.isdigit() and self.look(child) == self.look(group[0]):
                group.append(child)
                continue
            if group:
                yield self.part(first, group, False)
            group, first = [child], f"{path}.{name}".lstrip(".")
        if group:
            yield self.part(first, group, False)

    def look(self, module: Any) -> Any:
        """What a module's lines would say: equal for modules that are alike."""
        known = self.alike.get(id(module))
        if known is None:
            self.alike[id(module)] = ()  # while it is looked at: a module may contain itself
            tensors = [(name, shape_text(p), p.requires_grad, str(p.dtype))
                       for members in (module._parameters, module._buffers)
                       for name, p in members.items() if p is not None]  # fmt: skip
            below = [(name, self.look(m)) for name, m in module._modules.items() if m is not None]
            known = (type(module), module.extra_repr(), tuple(tensors), tuple(below))
            self.alike[id(module)] = known
        return known


def paths(root: Any) -> Iterator[tuple[str, Any]]:
    """(address, module) of the root and everything below it, each module once."""
    seen, waiting = set(), [("", root)]
    while waiting:
        path, module = waiting.pop()
        if id(module) in seen:
            continue
        seen.add(id(module))
        yield path, module
        below = [(f"{path}.{name}".lstrip("."), m) for name, m in module._modules.items()
                 if m is not None]  # fmt: skip
        waiting += reversed(below)


def counted(modules: list[Any]) -> str:
    """How many numbers the modules learn: ``1,234 parameters, 200 frozen``."""
    found = {id(p): p for top in modules for _, m in paths(top)
             for p in m._parameters.values() if p is not None}  # fmt: skip
    if not found:
        return ""
    if any(shape_text(p) == UNKNOWN for p in found.values()):
        return "parameters: known after the first call"
    total = sum(p.numel() for p in found.values())
    frozen = sum(p.numel() for p in found.values() if not p.requires_grad)
    said = f"{total:,} parameter{'' if total == 1 else 's'}"
    if len(modules) > 1 and total % len(modules) == 0:
        said = f"{len(modules):,} × {total // len(modules):,} = {said}"
    if not frozen:
        return said
    return f"{said}, {'all' if frozen == total else f'{frozen:,}'} frozen"


UNKNOWN = "of a shape that the first call tells"


def shape_text(t: Any) -> str:
    """``[3, 4]``; of a lazy module's parameter there is none yet."""
    if type(t).__name__.startswith("Uninitialized"):
        return UNKNOWN
    return str(list(t.shape))


def tensor_line(name: str, t: Any, kind: str) -> str:
    facts = f"{shape_text(t)} {str(t.dtype).removeprefix('torch.')}, {kind}"
    return f'<div style="{LEAF}">{escape(name)} {faint(facts)}</div>'


def faint(text: str) -> str:
    return f'<span style="{FAINT}">{escape(text)}</span>' if text else ""
