"""Whole jobs on the local stack, from the request to the mail; `python -m bench pipeline` measures them.

The stack, its templates and the handlers are those of `make demo`; only the settings of the build worker are those of
production. What a worker does is measured from outside the product: `worker.py` stands in front of the handlers, in a
layer that the bench adds, and writes down what each invocation did. All figures are counted from that.
"""
