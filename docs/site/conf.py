"""Sphinx settings for the documentation site; docs/build_site.py lays out what it reads.

Nothing on a page is fetched from elsewhere, so the site can be read without a network: formulas
become MathML while it is built, and fonts are the reader's own.
"""

import re
from html import escape

import latex2mathml.converter
from docutils.nodes import SkipNode
from latex2mathml.exceptions import (
    DenominatorNotFoundError,
    DoubleSubscriptsError,
    DoubleSuperscriptsError,
    ExtraLeftOrMissingRightError,
    MissingEndError,
    MissingSuperScriptOrSubscriptError,
    NumeratorNotFoundError,
)

import minigrad

project = "minigrad"
author = "the minigrad maintainers"
release = version = minigrad.__version__
copyright = author

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the notebooks come with the outputs that the tests compare
nb_merge_streams = True
nb_render_markdown_format = "myst"  # formulas in outputs, as those of mg.explain
suppress_warnings = ["myst.header"]  # solutions go from their title to "### Exercise 1"

autodoc_typehints = "none"  # the signatures have them
autodoc_member_order = "bysource"
napoleon_numpy_docstring = False
add_module_names = False
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = f"minigrad {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_extra_path = ["_extra"]
html_copy_source = False
html_show_sphinx = False
html_math_renderer = "mathml"
pygments_style, pygments_dark_style = "friendly", "github-dark"

NOT_LATEX = (
    DenominatorNotFoundError, DoubleSubscriptsError, DoubleSuperscriptsError,
    ExtraLeftOrMissingRightError, MissingEndError, MissingSuperScriptOrSubscriptError,
    NumeratorNotFoundError,
)  # fmt: skip


def mathml(node, display):
    # The converter knows split, which looks the same as aligned, and sets its own row spacing.
    latex = re.sub(r"\\(begin|end)\{aligned\}", r"\\\1{split}", node.astext())
    latex = re.sub(r"\\\\\[\w+\]", r"\\\\", latex)
    latex = re.sub(r"\\arg\b", r"\\operatorname{arg}", latex)
    try:
        return latex2mathml.converter.convert(latex, display=display)
    except NOT_LATEX as error:
        raise ValueError(f"cannot set the formula {node.astext()!r}: {error!r}") from error


def inline(translator, node):
    translator.body.append(mathml(node, "inline"))
    raise SkipNode


def block(translator, node):
    label = f' id="{escape(node["ids"][0])}"' if node["ids"] else ""
    translator.body.append(f'<div class="math"{label}>{mathml(node, "block")}</div>')
    raise SkipNode


def plain_text(app, what, name, thing, options, lines):
    """Docstrings are plain text: N*C is no markup, indented lines after a colon are as typed."""
    text = "\n".join(lines)
    lines[:] = re.sub(r"^( *)(\S.*[^:]):\n\n(?=\1 +)", r"\1\2::\n\n", text, flags=re.M).split("\n")
    literal = None  # the indentation above a block after "::", or of an example
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if literal is not None and line.strip() and indent <= literal:
            literal = None
        if literal is None and line.lstrip().startswith(">>>"):
            literal = indent - 1
        elif literal is None:
            parts = re.split(r"(``.*?``|:\w+:`[^`]*`|(?<!\S)\*\w[^*]*\w\*(?![\w*]))", line)
            parts[::2] = [re.sub(r"(?<!\\)[*|]", r"\\\g<0>", part) for part in parts[::2]]
            lines[number] = "".join(parts)
            if line.rstrip().endswith("::"):
                literal = indent
        elif not line.strip() and literal == -1:
            literal = None  # an example ends with an empty line


def setup(app):
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.connect("autodoc-process-docstring", plain_text, priority=400)  # before napoleon's
