"""Pictures that follow the theme of the page they stand on.

A picture is drawn once, in light colours, and says in its own style sheet which dark colour takes
the place of each of them. So one file is right on every page, without a script: JupyterLab, VS Code
and Sphinx say on an element above the picture which theme they have; elsewhere, and in an image,
the reader's system says it. A program that knows no style sheets shows the light colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

DARK_PAGES = ('[data-jp-theme-light="false"]', ".vscode-dark", '[data-theme="dark"]')
LIGHT_PAGES = ('[data-jp-theme-light="true"]', ".vscode-light", '[data-theme="light"]')

# A colour stands in an attribute, fill="#d3e7f5", or in a style, style="fill: #d3e7f5".
PAINT = re.compile(r'\b(fill|stroke)(="|: )(#[0-9a-fA-F]{6})')


def themed(svg: str, name: str, dark: Mapping[str, str]) -> str:
    """The SVG with a style sheet for dark pages.

    name: the class of the ``<svg>`` element, which keeps the rules away from other pictures.
    dark: by light colour, in lower case, the one for dark pages; other colours stay.
    """
    paints = sorted(set(PAINT.findall(svg)))
    by_dark = [rule(p, between, c, dark.get(c.lower(), c)) for p, between, c in paints]
    by_light = [rule(p, between, c, c) for p, between, c in paints]
    system = "".join(f".{name} {r}" for r in by_dark)
    css = (
        # An SVG file on its own: the sheet below it is dark as well.
        f":root.{name}{{color-scheme:light dark}}\n"
        f"@media (prefers-color-scheme:dark){{{system}}}\n"
        f"{rules_on(DARK_PAGES, name, by_dark)}\n{rules_on(LIGHT_PAGES, name, by_light)}"
    )
    start = svg.index(">", svg.index("<svg")) + 1
    return f"{svg[:start]}\n<style>{css}</style>{svg[start:]}"


def rule(paint: str, between: str, colour: str, shown: str) -> str:
    """CSS for the parts that are painted so: ``[fill="#d3e7f5"]{fill:#15344b!important}``."""
    part = f'[{paint}="{colour}"]' if between == '="' else f'[style*="{paint}: {colour}"]'
    return f"{part}{{{paint}:{shown}!important}}"


def rules_on(pages: Iterable[str], name: str, rules: list[str]) -> str:
    """The rules where one of ``pages`` is above the picture."""
    above = f":is({','.join(pages)})"
    return "".join(f"{above} .{name} {r}" for r in rules)
