"""Fewer numbers out of many, and numbers that depend on all others along a dimension.

* ``reductions.py``: sum, mean, var, max, min, any, all.
* ``statistics.py``: averages that skip nan, means with spreads, covariances.
* ``scans.py``: prod, logsumexp, and running sums, products and extrema.
* ``softmax.py``: scores to probabilities.
* ``sorting.py``: sort, topk, medians, quantiles, unique elements.
* ``bins.py``: between which edges numbers lie, and how many in each bin.
* ``calculus.py``: differences, slopes and areas of samples.
"""
