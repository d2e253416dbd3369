"""Calls of Keras 1, Keras 2, ``tf.keras`` and scikit-learn in today's form.

One function, two users: at run time its values are objects, in rewriting they are expressions. It neither imports Keras
nor calls anything.
"""

from types import MappingProxyType
from typing import Final, TypeVar

from scribal.legacy.changes.call import Call, NoModernFormError
from scribal.legacy.changes.callbacks import CALLBACKS
from scribal.legacy.changes.form import Form
from scribal.legacy.changes.layers import ANY, LAYERS
from scribal.legacy.changes.libraries import ANY_LOSS, LIBRARIES
from scribal.legacy.changes.merging import INPUTS, MERGES
from scribal.legacy.changes.names import canonical_name, modern_name
from scribal.legacy.changes.optimizers import OPTIMIZERS, TENSORFLOW_OPTIMIZERS
from scribal.legacy.changes.refusals import instead_of
from scribal.legacy.changes.training import MODELS
from scribal.legacy.changes.values import Values

__all__ = ["FORMS", "form_of", "modern_call"]

V = TypeVar("V")

FORMS: Final = MappingProxyType(
    {
        **{f"keras.layers.{name}": form for name, form in LAYERS.items()},
        **CALLBACKS,
        **LIBRARIES,
        **INPUTS,
        **MERGES,
        **MODELS,
        **OPTIMIZERS,
        **TENSORFLOW_OPTIMIZERS,
    }
)
"""All calls that changed, by their old names in today's modules; methods of models under ``keras.Model``."""


_CLASSES: Final = MappingProxyType({"keras.layers": ANY, "keras.losses": ANY_LOSS})
"""What holds for all classes of a module that have no row of their own."""


def form_of(name: str) -> Form | None:
    """How calls of a name changed; ``None`` if they did not.

    Args:
        name: A qualified name, as the program's imports resolve it or already modern.
    """
    module, _, last = name.rpartition(".")
    canonical = canonical_name(name)
    candidates = [name, f"{modern_name(module)}.{last}", canonical]
    if name.startswith("tensorflow."):
        candidates.insert(2, f"tensorflow.{canonical}")
    for candidate in candidates:
        if candidate in FORMS:
            return FORMS[candidate]
    if last[:1].isupper():
        return _CLASSES.get(canonical.rpartition(".")[0])
    return None


def modern_call(name: str, call: Call[V], values: Values[V]) -> Call[V]:
    """Bring a call into modern form. A call that is modern already comes back as it was, without notes.

    Args:
        name: Whose call it is: the qualified name as the program's imports resolve it, before any renaming, since the
            arguments of an old and a new name can differ in their meaning: ``"keras.layers.Convolution2D"``,
            ``"keras.utils.np_utils.to_categorical"``, ``"tensorflow.keras.optimizers.SGD"``. Methods of models are
            ``"keras.Model.fit"`` and so on.
        call: The arguments as written; its own name is what messages call it.
        values: What the arguments are made of.

    Returns:
        The modern call: `name` is today's qualified name, `notes` say what was changed, `input` is what a layer said of
        its input, as arguments of ``keras.Input``, which belongs before the layer if that is the first of its model.

    Raises:
        NoModernFormError: Keras 3 has nothing that does this.

    Examples:
        >>> from scribal.legacy.changes.values import PlainValues
        >>> old = Call("Convolution2D", [32, 3, 5], {"border_mode": "same", "input_shape": (28, 28, 1)})
        >>> new = modern_call("keras.layers.convolutional.Convolution2D", old, PlainValues())
        >>> new.name, new.positional, new.keywords
        ('keras.layers.Conv2D', [32, (3, 5)], {'padding': 'same'})
        >>> new.input
        {'shape': (28, 28, 1)}
        >>> [f"{note.old} -> {note.modern}" for note in new.notes][-1]
        "border_mode='same' -> padding='same'"

        >>> modern_call("keras.Model.fit", Call("fit", [], {"nb_epoch": 12}), PlainValues()).keywords
        {'epochs': 12}
    """
    if advice := instead_of(name):
        raise NoModernFormError(
            f"Keras 3 has no {call.name}",
            received=f"a call of {name}",
            advice=f"{advice[0].upper()}{advice[1:]}",
        )
    form = form_of(name)
    if form is None:
        return Call(modern_name(name), list(call.positional), dict(call.keywords))
    modern = form.apply(call, values)
    if form in _CLASSES.values():
        modern.name = modern_name(name)
    return modern
