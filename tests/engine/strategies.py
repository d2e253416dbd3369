"""Random layers, windows and images for the property tests."""

from hypothesis import strategies as st

from scribal.engine import operations as op
from scribal.engine.graph import Graph, Node
from scribal.engine.regularizer import NO_PENALTY, Regularizer
from scribal.engine.window import Window

pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
regularizers = st.sampled_from([NO_PENALTY, NO_PENALTY, Regularizer(l1=0.01), Regularizer(l1=0.003, l2=0.1)])


@st.composite
def sliding(draw, dilated=True):
    """Draw a window and an image ``(rows, columns, channels)`` it fits into."""
    size, strides = draw(st.tuples(st.integers(1, 4), st.integers(1, 4))), draw(pairs)
    # Keras does not combine strides with dilation.
    dilation = draw(pairs) if dilated and strides == (1, 1) else (1, 1)
    padding = draw(st.sampled_from(["valid", "same"]))
    least = [(taps - 1) * step + 1 for taps, step in zip(size, dilation, strict=True)] if padding == "valid" else [1, 1]
    image = (draw(st.integers(least[0], 11)), draw(st.integers(least[1], 11)), draw(st.integers(1, 3)))
    return Window(size, strides, dilation, padding), image


@st.composite
def networks(draw):
    """Draw a chain of layers the native engine has a form for, from an image to a few classes."""
    shape = (draw(st.integers(1, 9)), draw(st.integers(1, 9)), draw(st.integers(1, 3)))
    operations = [op.Input(shape)]
    for _ in range(draw(st.integers(0, 3))):
        window = draw(windows(shape, padded=True))
        choice = draw(st.sampled_from(["convolution", "pooling"]))
        if choice == "pooling":
            window = Window(window.size, window.strides)
            if any(size > length for size, length in zip(window.size, shape[:2], strict=True)):
                continue
            operations.append(op.MaxPool2D(window))
        else:
            filters = draw(st.sampled_from([1, 2, 3, 5, 6, 8, 11, 18]))
            penalties = draw(regularizers), draw(regularizers)
            operations.append(op.Conv2D(filters, window, draw(st.booleans()), *penalties))
        shape = operations[-1].output_shape(shape)
        operations += draw(
            st.sampled_from(
                [
                    [],
                    [op.Activation("relu")],
                    [op.Activation("tanh")],
                    [op.Dropout(0.4)],
                    [op.Activation("elu", 0.7)],
                    [op.Activation("leaky_relu", 0.2), op.Dropout(0.2)],
                ]
            )
        )
    operations.append(op.Flatten())
    for _ in range(draw(st.integers(0, 2))):
        units, penalties = draw(st.integers(1, 20)), (draw(regularizers), draw(regularizers))
        operations.append(op.Dense(units, draw(st.booleans()), *penalties))
        operations += draw(st.sampled_from([[], [op.Activation("relu"), op.Dropout(0.3)], [op.Activation("sigmoid")]]))
    operations += [op.Dense(draw(st.integers(2, 7))), op.Activation("softmax")]
    nodes = [Node("n0", operations[0])]
    nodes += [Node(f"n{i}", operation, (f"n{i - 1}",)) for i, operation in enumerate(operations[1:], start=1)]
    return Graph(tuple(nodes))


@st.composite
def windows(draw, shape, *, padded):
    """Draw a window that fits into an image of this shape."""
    size = draw(st.tuples(st.integers(1, min(4, shape[0])), st.integers(1, min(4, shape[1]))))
    strides = draw(pairs)
    dilation = tuple(
        draw(st.integers(1, 2)) if (taps - 1) * 2 < length else 1 for taps, length in zip(size, shape, strict=False)
    )
    return Window(size, strides, dilation, draw(st.sampled_from(["valid", "same"])) if padded else "valid")
