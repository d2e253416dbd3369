"""The page of an explanation: one HTML file that holds everything and loads nothing."""

from pathlib import Path
from typing import Any

import numpy as np

from scribal.explaining.colours import fixed_texts, scale_text, signed
from scribal.explaining.explanation import RANDOM_ORDER, Explanation
from scribal.explaining.image_network import Array
from scribal.explaining.views import View, Views
from scribal.explaining.worked_convolution import WorkedConvolution
from scribal.runs.pages import (
    Chart,
    Line,
    lay_out_chart,
    percent,
    percent_axis,
    pixels_address,
    whole_axis,
    write_page,
)

__all__ = ["write_explanation_page"]

_TEMPLATE = Path(__file__).parent / "explanation.html.jinja"
_BOX = 20 / 28
# A cell's colour stays so light that its number can be read on it.
_PALE = 2.0
_LEAST_WIDTH = 64
_MOST_CLASSES = 20
_MOST_CHANNELS = 3
_MOST_PRODUCTS = 25


def write_explanation_page(explanation: Explanation, views: Views, path: Path, files: list[tuple[str, str]]) -> None:
    """Write the page, whole or not at all.

    Args:
        explanation: What it shows.
        views: Its pictures.
        path: The HTML file.
        files: Names of the files beside it, and what each is.

    Raises:
        RunError: It cannot be written.
    """
    height, width = explanation.picture.pixels.shape[:2]
    write_page(
        path,
        _TEMPLATE,
        name=Path(explanation.picture.name).name,
        model=explanation.model,
        answer=explanation.answer,
        explained=explanation.explained_class,
        confidence=explanation.confidence,
        notes=explanation.picture.notes,
        maker={"softmax": "softmax", "sigmoid": "sigmoid"}.get(explanation.activation, "softmax"),
        classes=(classes := _classes(explanation)),
        more_classes=len(explanation.class_names) - len(classes),
        was_fitted=explanation.picture.original is not None and explanation.picture.original.shape != (height, width),
        box=f"{round(height * _BOX)} × {round(width * _BOX)}",  # noqa: RUF001 - times
        input=_shown(views.picture),
        changes=_shown(views.changes),
        in_vain=_in_vain(explanation),
        attributions=_shown(views.attributions),
        methods=explanation.attributions,
        without_cam=explanation.left_out.get("Grad-CAM"),
        deletions=_deletions(explanation),
        doubtful=_doubtful(explanation),
        deletion_chart=_deletion_chart(explanation),
        neighbours=_shown(views.neighbours),
        searched=explanation.searched,
        without_neighbours=explanation.left_out.get("nearest"),
        convolution=_shown(views.convolution),
        worked=None if explanation.worked is None else _worked(explanation.worked),
        without_convolution=explanation.left_out.get("convolution"),
        layers=[_shown(view) for view in views.layers],
        filters=[_shown(view) for view in views.filters],
        files=files,
    )


def _shown(view: View) -> dict[str, Any]:
    tiles = [
        {
            "address": pixels_address(tile.pixels),
            "lines": tile.caption.split("\n") if tile.caption else [],
            "width": max(_LEAST_WIDTH, tile.pixels.shape[1] * view.wide) if view.wide else None,
        }
        for tile in view.tiles
    ]
    return {"heading": view.heading, "facts": view.facts, "scale": view.scale, "tiles": tiles}


def _classes(explanation: Explanation) -> list[dict[str, Any]]:
    """All classes, or of many the likeliest and the explained one."""
    order = np.argsort(-explanation.probabilities, kind="stable")[:_MOST_CLASSES]
    order = np.unique(np.append(order, explanation.class_number))
    return [
        {
            "name": explanation.class_names[number],
            "probability": float(explanation.probabilities[number]),
            "score": scale_text(float(explanation.scores[number])),
        }
        for number in order
    ]


def _in_vain(explanation: Explanation) -> list[str]:
    return [
        f"{change.description[0].upper()}{change.description[1:]} gives another answer."
        for change in explanation.changes
        if change.picture is None
    ]


def _deletions(explanation: Explanation) -> list[dict[str, Any]]:
    return [
        {"method": method, "share": "never" if share is None else f"{share:.0%}", "mean": float(curve.mean())}
        for method, (curve, share) in explanation.deletions.items()
    ]


def _doubtful(explanation: Explanation) -> list[str]:
    """Which maps are no better, for this picture, than chance."""
    means = {method: float(curve.mean()) for method, (curve, _) in explanation.deletions.items()}
    return [
        f"For this picture the map of {method} is no better than chance: do not rely on it."
        for method, mean in means.items()
        if method != RANDOM_ORDER and mean >= means[RANDOM_ORDER]
    ]


def _deletion_chart(explanation: Explanation) -> Chart | None:
    """How the confidence falls while ink is erased in the order of each map."""
    if not explanation.deletions:
        return None
    lines = []
    for method, (curve, _) in explanation.deletions.items():
        shares = np.linspace(0, 100, len(curve)).tolist()
        lines.append(Line(name=method, x=shares, y=curve.tolist(), is_guide=method == RANDOM_ORDER))
    return lay_out_chart(
        f"Confidence in {explanation.answer} while ink is erased",
        lines,
        whole_axis([0, 100]),
        percent_axis([0, 1]),
        x_name="ink erased, per cent",
        x_heading=lambda share: f"{share:g} % erased",
        say=percent,
    )


def _worked(worked: WorkedConvolution) -> dict[str, Any]:
    """The arithmetic; of many channels those that count most."""
    sums = worked.products.sum(axis=(1, 2))
    shown = np.sort(np.argsort(-np.abs(sums), kind="stable")[:_MOST_CHANNELS])
    everywhere = np.ones_like(worked.inside)
    return {
        "filter": worked.filter_number,
        "layer": worked.layer,
        "row": worked.row,
        "column": worked.column,
        "padded": not worked.inside.all(),
        "channels": [
            {
                "number": int(channel),
                "window": _cells(worked.window[channel], worked.window, worked.inside),
                "kernel": _cells(worked.kernel[channel], worked.kernel, everywhere),
                "products": _cells(worked.products[channel], worked.products, worked.inside),
            }
            for channel in shown
        ],
        "lines": _lines(worked, len(shown)),
    }


def _lines(worked: WorkedConvolution, shown: int) -> list[str]:
    products = fixed_texts(np.append(worked.products, worked.sum_of_products))
    total = products.pop()
    if worked.products.size <= _MOST_PRODUCTS:
        lines = [f"{_signs(' + '.join(products))} = {total}"]
    else:
        of = f" of all {len(worked.products)} channels" if shown < len(worked.products) else ""
        lines = [f"All products{of} add up to {total}."]
    if worked.bias is not None:
        with_bias = f"{total} + {scale_text(worked.bias)} = {scale_text(worked.total)}"
        lines.append(f"With the bias: {_signs(with_bias)}")
    if worked.activation:
        lines.append(f"Behind {worked.activation}: {scale_text(worked.output)}")
    return lines


def _signs(formula: str) -> str:
    """Plus a negative number is minus the number."""
    return formula.replace("+ −", "− ")  # noqa: RUF001 - a minus sign


def _cells(values: Array, scale: Array, inside: Array) -> list[list[dict[str, str]]]:
    colours = signed(values, _PALE * float(np.abs(scale).max()))
    texts = np.reshape(fixed_texts(values), values.shape)
    return [
        [
            {"text": str(text), "colour": "#{:02x}{:02x}{:02x}".format(*colour)}
            if is_inside
            else {"text": "", "colour": ""}
            for text, colour, is_inside in zip(*row, strict=True)
        ]
        for row in zip(texts, colours, inside, strict=True)
    ]
