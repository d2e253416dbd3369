"""What the filter study shows: pictures, and sentences made from the numbers."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from scribal.explaining.studies.convolving import FirstConvolution, pooled
from scribal.explaining.studies.page import Section
from scribal.explaining.studies.plots import Curve, Panel, PictureRow, Step, plot_curves, plot_picture_rows, plot_steps
from scribal.explaining.studies.words import joined, per_cent
from scribal.runs.counting import counted

__all__ = ["draw_filter_plots", "filter_sections"]

_SHOWN = 16
_ONE = """
A filter is a small table of weights. At every place of the image its weights are multiplied with the pixels below them
and summed; what the layer's activation makes of the sums is a new image, the feature map. Orange weights add, purple
ones take away. Max-pooling keeps the largest of each 2x2 numbers.
"""
_MANY = """
The maps under one heading share one scale: black is 0, white their largest number.
"""
_FROZEN = """
The network is trained from the same initial weights with all filters learning, with those of its first convolution
left as they were drawn, and with those of all convolutions left so; accuracy is on the test images, by which nothing is
chosen.
"""


def draw_filter_plots(
    folder: Path, image: np.ndarray, random: FirstConvolution, trained: FirstConvolution, frozen: pd.DataFrame | None
) -> None:
    """Draw all pictures into the study's folder.

    Args:
        folder: Where they go.
        image: The image, of shape (height, width).
        random: The layer with random filters.
        trained: The same with trained ones.
        frozen: Accuracies with random and trained filters, if they were compared.
    """
    one = random.with_kernel(random.kernel[..., :1])
    maps = one.maps(image)
    plot_steps(
        [
            Step("the image", _grey(image)),
            Step(f"a random {_size(random)} filter", _filters(one)[0], is_signed=True),
            Step(f"the feature map, {_shape(maps)}", maps[0]),
            Step(f"max-pooled, {_shape(pooled(maps))}", pooled(maps)[0]),
        ],
        folder / "one-filter.png",
        "One random filter",
    )
    for kind, convolution in (("random", random), ("trained", trained)):
        maps = convolution.maps(image)[:_SHOWN]
        filters = _filters(convolution)
        plot_picture_rows(
            [
                PictureRow(f"{len(filters)} {kind} filters, {_size(convolution)}", filters, is_signed=True),
                PictureRow(f"their feature maps, {_shape(maps)}", maps),
                PictureRow(f"max-pooled, {_shape(pooled(maps))}", pooled(maps)),
            ],
            folder / f"{kind}-filters.png",
            f"{kind.capitalize()} filters",
        )
    if frozen is not None:
        kinds = list(dict.fromkeys(frozen["filters"]))
        curves = []
        for number, kind in enumerate(kinds):
            rows = frozen[frozen["filters"] == kind]
            curves.append(Curve(number, rows["epoch"].to_numpy(float), rows["accuracy"].to_numpy(float)))
        ticks = sorted(set(frozen["epoch"]))
        panel = Panel("test accuracy", "epochs", curves, x_ticks=ticks[:: -(-len(ticks) // 8)])
        plot_curves([panel], kinds, folder / "frozen.png", "Random and trained filters")


def filter_sections(
    tables: Mapping[str, pd.DataFrame], name: str, trained: FirstConvolution, digit: str
) -> list[Section]:
    """Give the parts of the page, each with what is seen in its numbers.

    Args:
        tables: The numbers, as the study's CSV files hold them.
        name: Of the network.
        trained: Its first convolution.
        digit: The class of the image.
    """
    count = trained.kernel.shape[-1]
    sections = [
        Section(
            f"A {digit} through one random filter",
            _ONE,
            [],
            [("one-filter.png", f"A {digit}, a random filter, the feature map and what pooling leaves of it")],
        ),
        Section(
            f"Through {min(count, _SHOWN)} random and {min(count, _SHOWN)} trained filters",
            _MANY,
            _filters_findings(tables["filters"], name),
            [
                ("random-filters.png", "Random filters, their feature maps, and the maps pooled"),
                ("trained-filters.png", f"The filters of {name}, their feature maps, and the maps pooled"),
            ],
            ["filters"],
        ),
    ]
    if "frozen" in tables:
        finding = _frozen_finding(tables["frozen"], name)
        plots = [("frozen.png", "Accuracy after each epoch with random and with trained filters")]
        sections.append(Section("Does it matter that filters are trained?", _FROZEN, [finding], plots, ["frozen"]))
    return sections


def _filters_findings(table: pd.DataFrame, name: str) -> list[str]:
    random, trained = table[table["kind"] == "random"], table[table["kind"] == "trained"]
    longer = float(trained["norm"].mean() / random["norm"].mean())
    silent = int((trained["largest"] <= 0).sum())
    bright = [per_cent(float(rows["bright_share"].mean())) for rows in (trained, random)]
    reach = [f"{rows['largest'].mean():.2f}" for rows in (trained, random)]
    findings = [
        f"On average a trained filter of {name} has {longer:.2f} times the norm of a random one.",
        f"The maps of trained filters reach {reach[0]}, those of random ones {reach[1]}.",
        f"{bright[0]} of a trained filter's map is above a tenth of its largest value; of a random one's, {bright[1]}.",
    ]
    if silent:
        findings.append(f"{silent} of the {len(trained)} trained filters give nothing anywhere for this image.")
    return findings


def _frozen_finding(table: pd.DataFrame, name: str) -> str:
    last = table[table["epoch"] == table["epoch"].max()].to_dict("records")
    listed = joined([f"{per_cent(row['accuracy'])} with {_with(row['filters'])}" for row in last])
    epochs = last[0]["epoch"]
    return f"After {counted(epochs, 'epoch')} {name} reaches {listed}."


def _with(kind: str) -> str:
    return "all filters trained" if kind == "all trained" else f"{kind.replace(' random', '')} left random"


def _filters(convolution: FirstConvolution) -> np.ndarray:
    """The filters as pictures, of shape (filters, height, width); several channels are averaged."""
    filters: np.ndarray = np.moveaxis(convolution.kernel.mean(axis=2), -1, 0)[:_SHOWN]
    return filters


def _grey(image: np.ndarray) -> np.ndarray:
    return image if image.ndim == 2 else image.mean(axis=-1)  # noqa: PLR2004 - height and width


def _size(convolution: FirstConvolution) -> str:
    return "x".join(map(str, convolution.kernel.shape[:2]))


def _shape(maps: np.ndarray) -> str:
    return "x".join(map(str, maps.shape[1:]))
