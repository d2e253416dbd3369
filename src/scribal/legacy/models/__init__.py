"""Methods and attributes of models as Keras 1 and 2 had them, on the engine where it can.

::

    installed_models    compile, fit, evaluate, predict …   fitting.py, with training_data.py and batch_sources.py
                        train_step(self, data)          own_steps.py
                        what compile fixed              compiled_state.py
                        Metric                          measures.py
                        History, logs, monitors             histories.py, with measure_names.py
                        losses on inner tensors             graph_losses.py
                        layers beside a layer               constructors.companions
                        get_layer("dense_1")                layer_names.py
                        ModelCheckpoint                     checkpoints.py
                        save, load_model, weights           stored_models.py
                        model_from_json, old .h5            stored_configurations.py, old_configurations.py
                        model.input, layer.W …              attributes.py
"""

import contextlib
from collections.abc import Iterator

from scribal.engine.fitting import enable
from scribal.legacy.constructors.companions import adapt_called_layers
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.models.attributes import adapt_attributes
from scribal.legacy.models.checkpoints import adapt_checkpoints
from scribal.legacy.models.fitting import adapt_fitting
from scribal.legacy.models.graph_losses import adapt_graph_losses
from scribal.legacy.models.histories import adapt_histories
from scribal.legacy.models.layer_names import adapt_layer_names
from scribal.legacy.models.measures import adapt_measures
from scribal.legacy.models.own_steps import adapt_own_steps
from scribal.legacy.models.stored_configurations import adapt_configurations
from scribal.legacy.models.stored_models import adapt_storage

__all__ = ["installed_models"]

_ADAPTATIONS = (
    adapt_attributes,
    adapt_fitting,
    adapt_graph_losses,
    adapt_called_layers,  # asks who calls a layer, so nothing may stand between
    adapt_layer_names,
    adapt_histories,
    adapt_measures,
    adapt_own_steps,
    adapt_checkpoints,
    adapt_storage,
    adapt_configurations,
)


@contextlib.contextmanager
def installed_models(*, engine: bool = True) -> Iterator[None]:
    """Let models of this process be used as Keras 1, 2 and 3 have them, until the block ends.

    :func:`scribal.legacy.constructors.installed_constructors` comes before it.

    Args:
        engine: Whether the engine does the work where it can.
    """
    native = enable() if engine else contextlib.nullcontext()
    with native, Patches().until_the_end() as patches:
        for adapt in _ADAPTATIONS:
            adapt(patches)
        yield
