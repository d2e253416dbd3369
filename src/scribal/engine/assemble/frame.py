"""What the code of a step can reach: its arguments, and the buffers of the chunk it works on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scribal.engine import llvm as ir
from scribal.engine.assembly import Assembly
from scribal.engine.ir import INT32, INT64, POINTER, Code, Index
from scribal.engine.plan import Buffer, Kernel, Plan

__all__ = ["PREDICT_ARGUMENTS", "TRAIN_ARGUMENTS", "Frame", "Unit"]

# Arguments of the two native functions, in order. Counts are int64; all others are pointers.
TRAIN_ARGUMENTS = (
    "thread", "threads", "samples",
    "inputs", "targets", "sample_weight", "order", "outputs", "weights", "gradients", "shards",
    "slot_0", "slot_1", "slot_2", "thread_memory", "batch_memory",
    "keys", "settings", "block_sums", "partial_results", "results", "control",
)  # fmt: skip
PREDICT_ARGUMENTS = (
    "thread", "threads", "samples", "inputs", "order", "outputs", "weights", "thread_memory", "batch_memory", "control"
)  # fmt: skip
_COUNTS = ("thread", "threads", "samples")


@dataclass
class Unit(Assembly):
    """A program being written, by a plan.

    Attributes:
        plan: What is being compiled.
    """

    plan: Plan = field(kw_only=True)

    def start(self, name: str, arguments: Sequence[str]) -> tuple[Code, dict[str, ir.Value]]:
        """Start a function that Python calls."""
        return self.begin(name, [(argument, INT64 if argument in _COUNTS else POINTER) for argument in arguments])


@dataclass(frozen=True)
class Frame:
    """The chunk that is being worked on.

    Attributes:
        unit: The module.
        code: Where instructions go.
        arguments: Of the function, by name.
        first_group: Place of the chunk's first group in the batch's memory.
        first_sample: Number of the first sample in the batch.
        samples: Samples of the batch.
    """

    unit: Unit
    code: Code
    arguments: dict[str, ir.Value]
    first_group: ir.Value
    first_sample: ir.Value
    samples: ir.Value

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.unit.plan

    def address(self, buffer: Buffer, group: Index = 0) -> ir.Value:
        """Beginning of a buffer for the chunk's group of that number."""
        code = self.code
        if buffer.where == "thread":
            memory = code.times(self.arguments["thread"], self.plan.thread_vectors)
            return code.vector_at(self.arguments["thread_memory"], code.add(memory, buffer.offset))
        return code.vector_at(self.batch_base(buffer), code.times(self.group(group), buffer.layout.size))

    def batch_base(self, buffer: Buffer) -> ir.Value:
        """Beginning of a buffer of the batch, for its group 0."""
        # The buffers of one kind follow each other, group by group.
        groups = self.code.builder.load(self.arguments["control"], kind=INT64)
        return self.code.vector_at(self.arguments["batch_memory"], self.code.times(groups, buffer.offset))

    def bias_of(self, kernel: Kernel) -> ir.Value:
        """Pointer to a layer's biases; to any weight if there are none."""
        return self._bias_in(self.arguments["weights"], kernel)

    def bias_gradient_of(self, kernel: Kernel, shard: ir.Value) -> ir.Value:
        """Pointer to the gradient of a layer's biases in a shard; to any gradient if there are none."""
        return self._bias_in(shard, kernel)

    def _bias_in(self, weights: ir.Value, kernel: Kernel) -> ir.Value:
        return weights if kernel.bias is None else self.code.at(weights, kernel.bias)

    def group(self, group: Index) -> Index:
        """Place of the chunk's group in the batch's memory."""
        return self.code.add(self.first_group, group)

    def lane_sample(self, group: Index) -> Index:
        """Number in the batch of the sample in lane 0 of the chunk's group."""
        return self.code.add(self.first_sample, self.code.times(group, self.plan.target.lanes))

    def samples_left(self, group: Index = 0) -> ir.Value:
        """Samples from lane 0 of the chunk's group to the batch's last; perhaps less than one."""
        return self.code.builder.sub(self.samples, self.code.index(self.lane_sample(group)))

    def present(self, group: Index) -> ir.Value:
        """Lanes of the chunk's group that hold a sample."""
        code = self.code
        first = code.splat_integer(code.builder.trunc(code.index(self.lane_sample(group)), INT32))
        samples = code.splat_integer(code.builder.trunc(self.samples, INT32))
        return code.builder.icmp_signed("<", code.builder.add(first, code.lane_numbers()), samples)
