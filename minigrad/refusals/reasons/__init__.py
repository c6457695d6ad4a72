"""Why an operation refuses a call, in PyTorch's words: one file for one file of operations.

A function here has the name of the function that it guards, and returns if there is no reason.
"""
