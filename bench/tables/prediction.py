"""Images a second, and microseconds for one image."""

from statistics import median

from bench.markdown import number, section, table
from bench.parts.options import Figures
from bench.workloads import PREDICTED

__all__ = ["prediction_section"]


def prediction_section(results: Figures) -> str:
    """A table for each network."""
    parts = []
    for workload in PREDICTED:
        contestants = results.get("prediction", {}).get(workload.name, {}).get("contestants", {})
        if contestants:
            rows = [
                [
                    name,
                    f"{median(own['images_per_second']):,.0f}",
                    *(number(median(own[share])) for share in ("p50", "p99")),
                ]
                for name, own in contestants.items()
            ]
            parts += [f"### `{workload.name}`", table(["", "images/s", "one image, p50, µs", "p99, µs"], rows)]
    text = (
        "10,000 images, in batches of the size that suits each contestant best; and single images, one after\n"
        "the other. Medians over the rounds. All answer the same for the same image and weights."
    )
    return section("Prediction", text, parts)
