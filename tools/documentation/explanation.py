"""Make the pictures of docs/explain.md: a five that is nearly a six, explained by dropout-cnn after two epochs.

``.venv/bin/python -m tools.documentation.explanation`` does it, in the repository.
"""

import shutil
import tempfile
from pathlib import Path

from PIL import Image

import scribal

DESTINATION = Path("docs/pictures/explain")
PICTURES = ("input", "changes", "attributions", "neighbours", "convolution", "layer-01", "layer-03", "filters")


def main() -> None:
    """Train, explain, and keep what the page shows."""
    digit = scribal.load_dataset("mnist").x_test[8]
    DESTINATION.mkdir(parents=True, exist_ok=True)
    # Larger and dark on light, as a person would send it.
    Image.fromarray(255 - digit).resize((140, 140), Image.Resampling.BICUBIC).save(DESTINATION / "five.png")
    with tempfile.TemporaryDirectory() as folder:
        run = scribal.train("dropout-cnn", epochs=2, out=Path(folder) / "dropout-cnn")
        explanation = scribal.explain(run.folder.path, DESTINATION / "five.png")
        page = explanation.write(Path(folder) / "five")
        for name in PICTURES:
            shutil.copy(next(iter(sorted(page.parent.glob(f"{name}*.png")))), DESTINATION / f"{name}.png")
        record = explanation.record()
    for key in ("answer", "confidence", "changes", "erased_until_changed", "seconds"):
        print(key, record[key])


if __name__ == "__main__":
    main()
