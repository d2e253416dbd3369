"""What Keras 1 and 2, ``tf.keras``, scikit-learn and others called differently: pure data and pure functions.

Programs that run are adapted, and programs that are rewritten are changed, by what is written here once.
"""

__all__: list[str] = []
