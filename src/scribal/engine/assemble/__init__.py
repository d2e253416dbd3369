"""Kernels put together: a chunk forward, back, the update of the weights, and the loop over an epoch around them."""
