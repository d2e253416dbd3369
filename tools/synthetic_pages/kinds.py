"""What pages are like: a catalogue of kinds, each with what makes it hard, and everything else drawn at random."""

from dataclasses import dataclass, replace

import numpy as np

__all__ = ["KINDS", "Style", "draw_style"]


@dataclass(frozen=True)
class Style:
    """Everything that a page is made by, but the digits and the dice.

    Attributes:
        size: Rows and columns of the picture.
        paper: A name of ``papers.PAPERS``.
        pens: Names of ``pens.PENS``; each number is written with one of them.
        layout: A name of ``layouts.LAYOUTS``.
        spacing: ``touching``, ``tight``, ``normal`` or ``wide``.
        uneven: How much sizes and baselines vary within a number, 0 to 1.
        light: A name of ``lights.LIGHTS``.
        turn: Degrees.
        perspective: How far corners are moved, as a share of the picture.
        table: Whether the paper's edges are seen, on a table.
        blur: Standard deviation in pixels.
        noise: Standard deviation in levels of 255.
        quality: Of the JPEG; None for none.
    """

    size: tuple[int, int] = (900, 1200)
    paper: str = "white"
    pens: tuple[str, ...] = ("black",)
    layout: str = "lines"
    spacing: str = "normal"
    uneven: float = 0.3
    light: str = "even"
    turn: float = 0.0
    perspective: float = 0.0
    table: bool = False
    blur: float = 0.6
    noise: float = 2.0
    quality: int | None = 85


_SCAN = Style(size=(1100, 800), blur=0.5, noise=1.0, quality=90)
_PHOTO = Style(paper="grey", light="gradient", turn=3.0, perspective=0.02, blur=0.9, noise=4.0, quality=80)
_DRAWN = Style(size=(400, 600), pens=("screen",), blur=0.0, noise=0.0, quality=None)

KINDS: dict[str, Style] = {
    "scan": _SCAN,
    "columns": replace(_SCAN, layout="columns", pens=("blue", "black")),
    "one number": replace(_PHOTO, size=(1200, 1600), layout="number", pens=("felt", "black", "blue")),
    "photo": _PHOTO,
    "grey paper": replace(_PHOTO, pens=("blue", "red")),
    "coloured paper": replace(_PHOTO, paper="coloured", pens=("black", "blue")),
    "recycled paper": replace(_PHOTO, paper="recycled"),
    "crumpled": replace(_PHOTO, paper="crumpled", pens=("blue", "black")),
    "ruled": replace(_PHOTO, paper="ruled", pens=("blue", "black")),
    "squared": replace(_PHOTO, paper="squared", pens=("blue", "black")),
    "form boxes": replace(_SCAN, paper="boxes", layout="boxes", pens=("blue", "black")),
    "table": replace(_PHOTO, paper="table", layout="columns", pens=("blue", "black"), turn=2.0),
    "blackboard": replace(_PHOTO, paper="blackboard", pens=("chalk",)),
    "drawn dark": replace(_DRAWN, paper="black screen", pens=("light screen",)),
    "drawn light": replace(_DRAWN, layout="number"),
    "shadow": replace(_PHOTO, light="shadow", pens=("blue", "black")),
    "telephone's edge": replace(_PHOTO, light="edge", pens=("blue", "black")),
    "vignette": replace(_PHOTO, light="vignette"),
    "on a table": replace(_PHOTO, paper="white", table=True, size=(1200, 1200)),
    "pencil": replace(_PHOTO, pens=("pencil",)),
    "faint red": replace(_PHOTO, pens=("faint red",), size=(600, 480)),
    "felt pen": replace(_PHOTO, pens=("felt",)),
    "touching": replace(_SCAN, spacing="touching", pens=("black", "blue")),
    "wide": replace(_PHOTO, spacing="wide", layout="number"),
    "uneven": replace(_PHOTO, uneven=1.0, pens=("blue", "black")),
    "tilted": replace(_PHOTO, turn=10.0),
    "perspective": replace(_PHOTO, perspective=0.07, turn=5.0),
    "blurred": replace(_PHOTO, blur=2.2),
    "noisy": replace(_PHOTO, noise=14.0, quality=45),
    "small": replace(_PHOTO, size=(225, 300), layout="number", blur=0.5, noise=3.0, quality=60),
    "12 megapixels": replace(_PHOTO, size=(3000, 4000), blur=1.5, quality=88),
}
"""What each kind has at most; ``draw_style`` draws turn, perspective, blur, noise, light and quality up to it."""


def draw_style(kind: str, generator: np.random.Generator) -> Style:
    """Draw a page's style of a kind: the kind's own features, and the rest by chance."""
    style = KINDS[kind]
    spacing, layout = style.spacing, style.layout
    if spacing == "normal":
        spacing = str(generator.choice(["tight", "normal", "normal"]))
    return replace(
        style,
        pens=(str(generator.choice(style.pens)),) if generator.random() < 0.7 else style.pens,
        spacing=spacing,
        layout=layout if layout != "lines" or generator.random() < 0.75 else "number",
        uneven=style.uneven * generator.uniform(0.5, 1),
        turn=style.turn * generator.choice([-1, 1]) * generator.uniform(0.6, 1),
        perspective=style.perspective * generator.uniform(0.6, 1),
        blur=style.blur * generator.uniform(0.7, 1),
        noise=style.noise * generator.uniform(0.6, 1),
        quality=None
        if style.quality is None
        else int(generator.integers(max(40, style.quality - 10), style.quality + 6)),
    )
