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


class Builder:
    """Puts nodes one behind the other; ``node`` is the one to go on from."""

    def __init__(self, draw, shape):
        self.draw = draw
        self.nodes = [Node("n0", op.Input(shape))]
        self.node = "n0"

    @property
    def shape(self):
        return Graph(tuple(self.nodes)).shapes[self.node]

    def add(self, operation, *inputs):
        # One layer in eight is frozen.
        trainable = self.draw(st.integers(0, 7)) > 0
        self.nodes.append(Node(f"n{len(self.nodes)}", operation, inputs or (self.node,), trainable))
        self.node = self.nodes[-1].name
        return self.node


ACTIVATIONS = [
    op.Activation("relu"),
    op.Activation("tanh"),
    op.Activation("sigmoid"),
    op.Activation("elu", 0.7),
    op.Activation("elu", -0.5),
    op.Activation("leaky_relu", 0.2),
    op.Activation("leaky_relu", -0.3),
    op.Activation("gelu"),
    op.Activation("silu"),
    op.Activation("softplus"),
    op.Activation("softmax"),
]
POINTWISE = [*ACTIVATIONS, op.Dropout(0.4), op.Rescaling(1.7, -0.2), op.Activation("linear"), op.Dropout(0.0)]
CHANNELS = [1, 2, 3, 5, 6, 8, 11, 18]


@st.composite
def networks(draw):
    """Draw a network of an image, with branches, to a few classes."""
    builder = Builder(draw, (draw(st.integers(1, 9)), draw(st.integers(1, 9)), draw(st.integers(1, 3))))
    if draw(st.integers(0, 4)) == 0:
        rows, columns, channels = builder.shape
        builder.nodes[0] = Node("n0", op.Input((rows * columns * channels,)))
        builder.add(op.Reshape((rows, columns, channels)))
    for _ in range(draw(st.integers(0, 4))):
        draw(st.sampled_from(IMAGE_STEPS))(draw, builder)
    ending = draw(st.sampled_from([op.Flatten(), op.GlobalAveragePooling2D(), op.GlobalMaxPooling2D()]))
    builder.add(ending)
    for _ in range(draw(st.integers(0, 2))):
        draw(st.sampled_from(VECTOR_STEPS))(draw, builder)
    is_weighted = any(isinstance(node.operation, op.Conv2D | op.Dense) for node in builder.nodes)
    if not is_weighted or builder.shape[0] < 2 or draw(st.booleans()):
        builder.add(op.Dense(draw(st.integers(2, 7))))
    builder.add(op.Activation("softmax"))
    return Graph(tuple(builder.nodes))


def slide(draw, builder):
    window = draw(windows(builder.shape, padded=True))
    penalties = draw(regularizers), draw(regularizers)
    builder.add(op.Conv2D(draw(st.sampled_from(CHANNELS)), window, draw(st.booleans()), *penalties))
    decorate(draw, builder)


def slide_depthwise(draw, builder):
    window = draw(windows(builder.shape, padded=True))
    penalties = draw(regularizers), draw(regularizers)
    builder.add(op.DepthwiseConv2D(window, draw(st.integers(1, 3)), draw(st.booleans()), *penalties))
    decorate(draw, builder)


def pool(draw, builder):
    window = draw(windows(builder.shape, padded=True))
    kind = draw(st.sampled_from([op.MaxPool2D, op.AveragePooling2D]))
    builder.add(kind(Window(window.size, window.strides, padding=window.padding)))


def pad(draw, builder):
    builder.add(op.ZeroPadding2D(((draw(st.integers(0, 2)), 1), (0, draw(st.integers(0, 2))))))


def decorate(draw, builder):
    for operation in draw(st.lists(st.sampled_from(POINTWISE), max_size=2)):
        builder.add(operation)


def normalize(draw, builder):
    penalties = draw(regularizers), draw(regularizers)
    builder.add(op.BatchNormalization(0.8, 1e-2, draw(st.booleans()), draw(st.booleans()), *penalties))
    decorate(draw, builder)


def mix_pixels(draw, builder):
    """A Dense layer over the channels of each pixel, perhaps of pixels in a row."""
    rows, columns, channels = builder.shape
    in_a_row = draw(st.booleans())
    if in_a_row:
        builder.add(op.Reshape((rows * columns, channels)))
    builder.add(op.Dense(draw(st.sampled_from(CHANNELS))))
    if in_a_row:
        builder.add(op.Reshape((columns, rows, -1)))


def branch(draw, builder):
    """Parts of one size, read from one place, joined."""
    source, (_, _, channels) = builder.node, builder.shape
    adds = draw(st.booleans())
    parts = [source] if draw(st.booleans()) else []
    for _ in range(draw(st.integers(1, 3))):
        builder.node = source
        size = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
        if draw(st.integers(0, 3)):
            filters = channels if adds else draw(st.sampled_from(CHANNELS))
            builder.add(op.Conv2D(filters, Window(size, padding="same")))
        else:
            builder.add(op.MaxPool2D(Window(size, padding="same")))
        draw(st.sampled_from([decorate, normalize, decorate]))(draw, builder)
        parts.append(builder.node)
    axes = [-1] if adds or len({Graph(tuple(builder.nodes)).shapes[part] for part in parts}) > 1 else [0, 1, 2, -1]
    if not adds:
        builder.add(op.Concatenate(draw(st.sampled_from(axes))), *parts)
    elif len(parts) > 1:
        builder.add(op.Add(), *parts)
    decorate(draw, builder)


def multiply(draw, builder):
    penalties = draw(regularizers), draw(regularizers)
    builder.add(op.Dense(draw(st.integers(1, 20)), draw(st.booleans()), *penalties))
    decorate(draw, builder)


def branch_vector(draw, builder):
    source, (size,) = builder.node, builder.shape
    parts = [builder.add(op.Dense(size)), source]
    builder.add(draw(st.sampled_from([op.Add(), op.Concatenate()])), *parts)
    decorate(draw, builder)


def residual_network():
    """Branches and batch normalizations, one network of always the same layers."""
    convolution = op.Conv2D(5, Window((3, 3), padding="same"), use_bias=False)
    nodes = (
        Node("x", op.Input((7, 6, 3))),
        Node("c1", convolution, ("x",)),
        Node("b1", op.BatchNormalization(), ("c1",)),
        Node("r1", op.Activation("relu"), ("b1",)),
        Node("c2", convolution, ("r1",)),
        Node("b2", op.BatchNormalization(), ("c2",)),
        Node("sum", op.Add(), ("b2", "r1")),
        Node("r2", op.Activation("relu"), ("sum",)),
        Node("d", op.DepthwiseConv2D(Window((3, 2), (2, 2), padding="same"), 2), ("r2",)),
        Node("p", op.AveragePooling2D(Window((3, 3), (2, 2), padding="same")), ("r2",)),
        Node("joined", op.Concatenate(), ("d", "p")),
        Node("mean", op.GlobalAveragePooling2D(), ("joined",)),
        Node("b3", op.BatchNormalization(), ("mean",)),
        Node("dense", op.Dense(3), ("b3",)),
        Node("y", op.Activation("softmax"), ("dense",)),
    )
    return Graph(nodes)


IMAGE_STEPS = [slide, slide, slide_depthwise, pool, pad, normalize, branch, branch, mix_pixels]
VECTOR_STEPS = [multiply, multiply, normalize, branch_vector]


@st.composite
def windows(draw, shape, *, padded):
    """Draw a window that fits into an image of this shape."""
    size = draw(st.tuples(st.integers(1, min(4, shape[0])), st.integers(1, min(4, shape[1]))))
    strides = draw(pairs)
    dilation = tuple(
        draw(st.integers(1, 2)) if (taps - 1) * 2 < length else 1 for taps, length in zip(size, shape, strict=False)
    )
    return Window(size, strides, dilation, draw(st.sampled_from(["valid", "same"])) if padded else "valid")
