"""ONNX Runtime, for prediction, on a graph written from the initial weights."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from bench.workers.case import Case, Floats
from bench.workers.network import Layer, channels_first_weights, read_layers, same_pads
from bench.workers.protocol import Worker, available_cores, serve

__all__ = ["OnnxWorker"]

# As old as it may be for the operators below, so that any ONNX Runtime of the last years reads it.
_OPERATORS, _FORMAT = 17, 8
_ACTIVATIONS = {"relu": "Relu", "softmax": "Softmax", "sigmoid": "Sigmoid", "tanh": "Tanh"}


class OnnxWorker(Worker):
    """Predicts.

    Args:
        threads: Within an operator; by default one for each core.
    """

    libraries = ("onnxruntime", "onnx")

    def __init__(self, *, threads: int | None = None) -> None:
        self._threads = threads or available_cores()

    def load(self, case: Case, *, training: bool) -> None:
        """Write the graph and open a session on it."""
        if training:
            raise NotImplementedError("ONNX Runtime is here to predict")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = self._threads, 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        model = _write_model(case).SerializeToString()
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def warm_up(self) -> None:
        """Nothing is compiled later."""

    def train(self, epochs: int) -> None:
        """It does not train."""
        raise NotImplementedError("ONNX Runtime is here to predict")

    def predict(self, images: Floats, batch: int) -> Floats:
        """Answer."""
        # With one channel, channels first and channels last are the same numbers in the same order.
        inputs = images.reshape(len(images), *_channels_first(self.case.input_shape))
        return np.concatenate(
            [self._session.run(None, {"input": inputs[i : i + batch]})[0] for i in range(0, len(inputs), batch)]
        )


def _channels_first(shape: tuple[int, ...]) -> tuple[int, ...]:
    return (shape[-1], *shape[:-1])


def _write_model(case: Case) -> onnx.ModelProto:
    layers = read_layers(case.network)
    weights = channels_first_weights(case, layers)
    names: dict[str, str] = {}
    nodes = []
    for layer in layers:
        names[layer.name] = layer.name
        if layer.kind == "InputLayer":
            names[layer.name] = "input"
        elif layer.kind == "Dropout":
            names[layer.name] = names[layer.inputs[0]]
        else:
            nodes.append(_node(layer, [names[name] for name in layer.inputs]))
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", *_channels_first(case.input_shape)])],
        [helper.make_tensor_value_info(names[layers[-1].name], TensorProto.FLOAT, ["n", None])],
        [numpy_helper.from_array(value, key) for key, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPERATORS)], ir_version=_FORMAT)
    onnx.checker.check_model(model)
    return model


def _node(layer: Layer, inputs: list[str]) -> onnx.NodeProto:
    settings, outputs = layer.settings, [layer.name]
    learned = [f"{layer.name}/{name}" for name in ("kernel", "bias")]
    if layer.kind == "Activation":
        return helper.make_node(_ACTIVATIONS[settings["activation"]], inputs, outputs)
    if layer.kind == "Flatten":
        return helper.make_node("Flatten", inputs, outputs)
    if layer.kind == "Dense":
        return helper.make_node("Gemm", [*inputs, *learned], outputs, transB=1)
    if layer.kind == "MaxPooling2D" and settings["padding"] == "valid":
        return helper.make_node(
            "MaxPool", inputs, outputs, kernel_shape=settings["pool_size"], strides=settings["strides"]
        )
    if layer.kind == "Conv2D" and settings["strides"] in ((1, 1), [1, 1]):
        size = settings["kernel_size"]
        # At stride one the zeros do not depend on the length of the axis.
        pads = [same_pads(taps, taps, 1) if settings["padding"] == "same" else (0, 0) for taps in size]
        before, after = zip(*pads, strict=True)
        return helper.make_node("Conv", [*inputs, *learned], outputs, kernel_shape=size, pads=[*before, *after])
    raise NotImplementedError(f"No ONNX operator is written for this layer. Received: {layer.kind} {settings}")


if __name__ == "__main__":
    serve(OnnxWorker)
