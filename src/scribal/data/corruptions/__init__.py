"""The fifteen corruptions of MNIST-C: noise, blur, crookedness, weather and strokes that a person looks through.

The set, its severities and the one that each is published with are those of N. Mu and J. Gilmer, "MNIST-C: A
Robustness Benchmark for Computer Vision", ICML 2019 Workshop on Uncertainty and Robustness in Deep Learning
(arXiv:1906.02337). The images are made here, by whole batches, and are not bit for bit the published ones.

``CORRUPTIONS`` describes each; ``corrupt`` applies one.
"""

from scribal.data.corruptions.catalogue import CORRUPTIONS, Corruption
from scribal.data.corruptions.corrupting import corrupt

__all__ = ["CORRUPTIONS", "Corruption", "corrupt"]
