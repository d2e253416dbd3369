"""Short definitions on plain Keras 3, NumPy and Pillow, for what has no modern form of its own.

Programs that run are given them; programs that are rewritten get their source, below the imports. They are therefore
written as a program is: nothing here imports scribal, each stands with those of its own file alone, and none has types.
"""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["DEFINITIONS"]

_NAMES = {
    "keras.backend": (
        "tensors",
        ("batch_dot", "ctc_batch_cost", "ctc_decode", "gradients", "in_test_phase", "in_train_phase", "pool2d"),
    ),
    "keras.layers": (
        "layers",
        ("Highway", "LocallyConnected1D", "LocallyConnected2D", "MaxoutDense", "ParametricSoftplus"),
    ),
    "mnist": ("datasets", ("test_images", "test_labels", "train_images", "train_labels")),
    "scipy.misc": (
        "images",
        ("bytescale", "imread", "imresize", "imrotate", "imsave", "imshow", "toimage"),
    ),
    "scipy.ndimage": ("images", ("imread",)),
    "tensorflow.data": ("batches", ("Dataset",)),
    "tensorflow.image": (
        "pictures",
        (
            *("adjust_brightness", "adjust_contrast", "central_crop", "convert_image_dtype", "encode_jpeg"),
            *("encode_png", "random_brightness", "random_contrast", "random_crop", "random_flip_left_right"),
            *("random_flip_up_down", "resize_with_crop_or_pad"),
        ),
    ),
    "tensorflow.train": ("checkpoints", ("Checkpoint", "CheckpointManager")),
    "sklearn.datasets": ("datasets", ("fetch_mldata",)),
}

DEFINITIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {f"{old}.{name}": (file, name) for old, (file, names) in _NAMES.items() for name in names}
    | {
        "keras.backend.function": ("tensors", "network_function"),
        "tensorflow.io.read_file": ("pictures", "read_file"),
        "tensorflow.io.write_file": ("pictures", "write_file"),
        "tensorflow_datasets.load": ("batches", "load"),
    }
    | {
        f"tensorflow.{home}.decode_{kind}": ("pictures", "decode_picture")
        for home in ("image", "io")
        for kind in ("image", "jpeg", "png")
    }
    | {f"tensorflow.io.{name}": ("pictures", name) for name in ("encode_jpeg", "encode_png")}
)
"""An old qualified name, and the file here and the name in it that take its place."""
