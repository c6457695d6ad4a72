"""What the layers and losses of ``nn`` compute; their weights are in ``nn``.

* ``linear.py``: linear and bilinear layers.
* ``embedding.py``: rows of a table read at whole numbers; one_hot.
* ``windows.py``: windows over an array, which convolution and pooling share.
* ``convolution.py``: convolution in any number of dimensions, and its transpose.
* ``pooling.py``: the largest number or the average of each window.
* ``adaptive_pooling.py``: windows such that the result has a wanted size.
* ``unpooling.py``: max pooling undone.
* ``patches.py``: unfold and fold: images as columns of patches.
* ``shuffles.py``: channels to pixels and back.
* ``padding.py``: tensors made longer at their ends.
* ``resampling.py``: images mixed along each dimension by a matrix.
* ``interpolation.py``: images in another size.
* ``image_sampling.py``: images read between their pixels.
* ``activations.py``: the bends between linear layers.
* ``normalisation.py``: batch, layer, group and instance norm.
* ``recurrent.py``: the gates of recurrent cells.
* ``losses.py``: how far a prediction is from its target.
* ``class_losses.py``: losses for classes.
* ``composed_losses.py``: losses and distances made of other operations.
* ``ctc.py``: a loss for sequences whose alignment is unknown.
* ``hook_point.py``: the identity, with a node for a module's backward hooks.
"""
