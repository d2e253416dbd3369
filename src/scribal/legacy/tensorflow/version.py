"""``tf.version``."""

__all__ = ["COMPILER_VERSION", "GIT_VERSION", "VERSION"]

VERSION = "2.16.1"
"""The first version of TensorFlow whose ``tf.keras`` is Keras 3."""

GIT_VERSION = f"v{VERSION}"
COMPILER_VERSION = ""

MODERN = {"COMPILER_VERSION": "", "GIT_VERSION": "keras.__version__", "VERSION": "keras.__version__"}
