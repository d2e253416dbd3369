"""Make the model that comes with scribal, from nothing but MNIST's training images, and measure it.

    python -m tools.default_model [--runs runs] [--fonts FOLDER]

Trains the recipe ``reader`` (or goes on with it), calibrates it on the 5,000 training images that were held out, packs
it into the package, measures it on MNIST's test images and on what is no digit, and writes tables and pictures for
``docs/default-model.md``. Letters come from the fonts of Matplotlib and of the system, and from FOLDER. The same seed
gives the same file on the same machine.
"""

import argparse
import time
from pathlib import Path

from rich.console import Console

import scribal
from scribal.data import load_dataset
from scribal.reading.recognition import DEFAULT_MODEL, Recogniser
from scribal.runs import progress_for
from tools.default_model.making import pack
from tools.default_model.measuring import measure
from tools.default_model.others import find_fonts, others
from tools.default_model.page import figures_in_words, write_figures
from tools.default_model.pictures import draw_negatives, draw_renewed, draw_scores

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
BASELINES = ("mlp", "dropout-cnn")
PICTURES_OF_A_KIND = 1000


def main() -> None:
    """Train, calibrate, pack, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where run folders are")
    parser.add_argument("--fonts", type=Path, help="a folder with more fonts")
    arguments = parser.parse_args()
    progress = progress_for(Console())
    folders = {}
    for recipe in ("reader", *BASELINES):
        begun = time.process_time()
        folders[recipe] = scribal.train(recipe, out=arguments.runs / recipe, resume=True, progress=progress).folder.path
        print(f"{recipe}: {time.process_time() - begun:.0f} s of processor time")
    metadata = pack(folders["reader"], DEFAULT_MODEL)
    recogniser = Recogniser.of(DEFAULT_MODEL)
    shown = others(PICTURES_OF_A_KIND, 0, find_fonts(arguments.fonts))
    figures = measure(recogniser, {name: folders[name] for name in BASELINES}, shown)
    words = figures_in_words(figures, metadata, DEFAULT_MODEL.stat().st_size)
    print(words)
    write_figures(DOCS / "default-model.md", words)
    draw_renewed(DOCS / "pictures" / "renewed-images.png")
    draw_negatives(DOCS / "pictures" / "no-digits.png")
    draw_scores(
        recogniser.recognise(load_dataset("mnist").x_test).reject_scores,
        {name: recogniser.recognise(pictures).reject_scores for name, pictures in shown.items()},
        recogniser.threshold,
        DOCS / "pictures" / "reject-scores.png",
    )


if __name__ == "__main__":
    main()
