"""What every operation means, forward and backward, in plain NumPy: a convolutional network from scratch.

Written to be read, one concept a file, and used by the tests as the measure for the compiled kernels. Start with
``convolution``, then ``pooling``, ``activations`` and ``losses``; ``layers`` and ``network`` put them together.
"""

from scribal.engine.reference.network import Network

__all__ = ["Network"]
