"""One image at a time, with channels in the vector lanes: the forward pass for small batches.

With images in the lanes a single image would leave all lanes but one empty. Here a vector holds neighbouring channels
of one pixel, the outputs of a convolution or a dense layer; inputs are single numbers, broadcast into all lanes.

::

    graph --plan--> steps and buffers --packing--> weights, BatchNormalization folded in
                                      --assemble--> one function, of one kernel a step
"""
