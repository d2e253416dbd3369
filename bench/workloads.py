"""What is measured: networks, and the speed they are to reach."""

from dataclasses import dataclass

__all__ = ["PREDICTED", "RACED", "TOY", "TRAINED", "WORKLOADS", "Workload"]


@dataclass(frozen=True)
class Workload:
    """A network with its data, batch size and optimizer.

    Attributes:
        name: A recipe's name, or ``"keras-example"``.
        least: How many times as fast as the best rival an epoch must be; None if nothing is asked.
        aim: How many times as fast it should be.
        accuracy: Test accuracy whose time is taken, too.
    """

    name: str
    least: float | None = None
    aim: float | None = None
    accuracy: float | None = None


TRAINED = (
    Workload("tiny-cnn", 25, 70),
    Workload("two-conv", 4, 7),
    Workload("lenet", 6, 12, accuracy=0.98),
    Workload("dropout-cnn", 2.5, 5, accuracy=0.99),
    Workload("keras-example", 3, 5),
    Workload("mlp", 1, 1.3),
    Workload("softmax-mlp"),
    Workload("vgg-mini"),
    Workload("inception-mini"),
    Workload("resnet-mini"),
)
# Four samples, 20,000 epochs: a whole process is measured instead of an epoch.
TOY = Workload("toy-mlp")
WORKLOADS = {workload.name: workload for workload in (*TRAINED, TOY)}
RACED = tuple(workload for workload in TRAINED if workload.accuracy is not None)
PREDICTED = tuple(WORKLOADS[name] for name in ("dropout-cnn", "lenet", "tiny-cnn"))
