"""The page ``docs/benchmarks.md``: written from the results alone, so that it can change without a new run."""

from pathlib import Path

from bench.parts.options import Figures
from bench.plot import draw_plot
from bench.tables import SECTIONS
from scribal.files import write_text

__all__ = ["write_page"]

_PLOT = "benchmarks.svg"
_HEAD = """\
# Benchmarks

scribal and its rivals on the same machine, in the same run. `make bench` measures and writes this page;
`make bench ONLY="tiny-cnn lenet" ROUNDS=3` measures a part anew. Every figure comes from `bench/results.json`.
"""
_NOTHING = "Nothing has been measured yet."
_METHOD = """\
## How

- Every contestant is a process of its own, in an environment of its own, that is stopped while others work. They take
  turns, one epoch each, round after round, so that a drifting machine hits all alike. A ratio is the median of the
  ratios within the rounds; its range stands beside it. Whole processes and compilations take three rounds at most.
- Same network, initial weights, data, batch size and optimizer for all. Compilation and other first-time work is done
  before the rounds; float32 everywhere; as many threads as there are cores unless a name says otherwise.
- Settings are listed in `bench/contestants.py`. Tuned Keras goes without metrics and progress bar; PyTorch keeps its
  data in memory as bytes, channels last, with a fused optimizer and without a DataLoader; JAX compiles the loop over
  the epoch, too; ONNX Runtime runs a graph written from the same weights.
"""


def write_page(results: Figures, docs: Path) -> None:
    """Write the page, and its plot if there is something to draw.

    Args:
        results: What was measured, whole or in part.
        docs: The folder.
    """
    sections = [section for write in SECTIONS if (section := write(results))]
    parts = [_HEAD, _machine(results) if sections else _NOTHING]
    if draw_plot(results, docs / _PLOT):
        parts.append(f"![How many times as fast as the best rival]({_PLOT})")
    parts += [*sections, _METHOD]
    write_text(docs / "benchmarks.md", "\n\n".join(part.strip() for part in parts) + "\n")


def _machine(results: Figures) -> str:
    machine = results["machine"]
    facts = [
        f"{machine['processor']} (`{machine['llvm_name']}`), {machine['cores']} cores",
        ", ".join(machine["features"]),
        f"{machine['memory_bytes'] / 2**30:.0f} GiB",
        machine["system"],
        f"Python {machine['python']}",
    ]
    lines = [f"- {'; '.join(facts)}"]
    for environment, versions in sorted(results.get("versions", {}).items()):
        told = ", ".join(f"{name} {version}" for name, version in versions.items() if name != "python")
        lines.append(f"- {environment}: {told}")
    lines += [f"- {condition}" for condition in _conditions(results)]
    return "\n".join(lines)


def _conditions(results: Figures) -> list[str]:
    """When the parts were measured, in which state of the code, and how busy the machine was."""
    found: dict[tuple[str, str, str], list[float]] = {}
    for own in (own for part in results.values() for own in part.values() if isinstance(own, dict)):
        if "conditions" in own:
            known = own["conditions"]
            commit = known["commit"] + (" with changes" if known["is_changed"] else "")
            size = f", only {known['samples']} samples: a trial" if known["samples"] else ""
            key = (known["date"].split()[0], commit, f"{known['rounds']} rounds{size}")
            found.setdefault(key, []).extend([known["load"], known["load_after"]])
    return [
        f"{date}, commit {commit}, {rounds}; load average {min(loads):.1f}–{max(loads):.1f}"
        for (date, commit, rounds), loads in sorted(found.items())
    ]
