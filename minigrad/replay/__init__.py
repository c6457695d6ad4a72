"""``mg.capture(step)``: a training step recorded once, then replayed without running Python.

What cannot be replayed is refused while recording, and the step then runs as always.

Read in this order:

* ``capture``       ``mg.capture``: what is checked, and when a step is recorded or replayed
* ``call_list``     the recording: every operation as a NumPy call into fixed arrays
* ``kernels``       ... of the commonest operations a call that needs no copy
* ``backward_plan`` the backward pass as such a list too
* ``guards``        what the step reads besides tensors, to see whether it has changed
* ``freed_memory``  two settings of the process, made when minigrad is imported
"""
