"""Pictures of graphs, of training steps and of losses; the graph and the tape know none.

Everything here reads ``graphs/`` and ``tape/``, never the engine. What it makes is hung onto their
classes: ``graph.show()`` and ``tape.save("step.html")`` are there after ``import minigrad``, but
the files that draw are loaded when the first picture is asked for.

Read in this order:

* ``hung_on``       which methods the graph, the tape and the reports get from here
* ``style``         the options, the shapes and the colours
* ``dot``           a graph as Graphviz's DOT text
* ``backward_picture``  the backward graph itself as DOT: its nodes, vjps, saved tensors
* ``fold``          a large graph in few boxes
* ``render``        DOT text as an SVG that fits into a notebook
* ``files``         a graph as a file of any kind (``pdf`` with matplotlib)
* ``health_marks``  what a picture points out
* ``reports``       a picture with a text below: health, a failed backward pass
* ``explain``       ``mg.explain``: the chain rule with the graph's numbers
* ``explain_terms`` ... how its paths, products and sums are written
* ``module_tree``   a module in a notebook, as a tree that opens and closes
* ``latex``         names, numbers and formulas in LaTeX
* ``plain_math``    formulas as plain text
* ``player``        a tape as a page that plays itself
* ``player_math``   formulas as MathML for that page
* ``film``          the player as an animation: .gif, .webp, .png
* ``tape_files``    a tape as a file of any kind
* ``loss``          ``mg.LossRecorder``, ``mg.track``, ``mg.plot_loss``
* ``progress``      a training loop's progress bar
* ``loss_runs``     which of its curves belong to one training
* ``loss_plot``     the picture of a loss curve, with matplotlib
* ``loss_page``     ... on a page: in its theme, and in words
* ``theme``         pictures in the theme of their page
"""
