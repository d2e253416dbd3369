"""Keras' ``fit``, ``evaluate`` and ``predict`` on the engine.

::

    fit, evaluate, predict      data     ->  arrays            data.py
                                model    ->  what must hold    preparation.py
                                epochs   ->  native calls      loop.py, orders.py
                                metrics  ->  measures          measures.py
                                callbacks -> what they watch   watching.py
    enable, disable             keras.Model's methods          patching.py
"""

from scribal.engine.fitting.fit import fit
from scribal.engine.fitting.patching import disable, enable

__all__ = ["disable", "enable", "fit"]
