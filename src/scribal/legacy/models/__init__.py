"""Methods and attributes of models as Keras 1 and 2 had them, on the engine where it can.

::

    installed_models    compile, fit, evaluate, predict …   fitting.py, with arguments.py, training_data.py and
                                                            batch_sources.py
                        History, logs, monitors             histories.py, with measure_names.py
                        ModelCheckpoint                     checkpoints.py
                        save, load_model, weights           stored_models.py
                        model_from_json, old .h5            stored_configurations.py, old_configurations.py
                        layer.output_shape, optimizer.lr …  attributes.py
"""

import contextlib
from collections.abc import Iterator

from scribal.legacy.models.attributes import installed_attributes
from scribal.legacy.models.checkpoints import installed_checkpoints
from scribal.legacy.models.fitting import installed_fitting
from scribal.legacy.models.histories import installed_histories
from scribal.legacy.models.stored_configurations import installed_configurations
from scribal.legacy.models.stored_models import installed_storage

__all__ = ["installed_models"]


@contextlib.contextmanager
def installed_models(*, engine: bool = True) -> Iterator[None]:
    """Let models of this process be used as Keras 1, 2 and 3 have them, until the block ends.

    Install it after whatever else changes how Keras' classes are made: it has the last word on the names of files.

    Args:
        engine: Whether the engine does the work where it can.
    """
    with (
        installed_attributes(),
        installed_fitting(engine=engine),
        installed_histories(),
        installed_checkpoints(),
        installed_storage(),
        installed_configurations(),
    ):
        yield
