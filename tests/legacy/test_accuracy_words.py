"""A program that reads ``acc`` gets a history with that key, also when it copies the history."""

import pytest
from old_program import run_here

TRAINED = """
import keras, numpy as np, pandas as pd
model = keras.Sequential([keras.layers.Dense(2, activation="softmax", input_dim=3)])
model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(np.ones((4, 3)), np.ones(4), epochs=2, verbose=0).history
"""


@pytest.mark.parametrize(
    ("reading", "key"),
    [
        ("table['acc']", "acc"),
        ("table[['loss', 'acc']]", "acc"),
        ("copied.get('acc')", "acc"),
        ("table.get('acc', table.get('accuracy'))", "accuracy"),
        ("table['accuracy'].rename('acc')", "accuracy"),
        ("history['loss']", "accuracy"),
    ],
)
def test_the_keys_of_a_history_are_those_that_the_program_reads(tmp_path, reading, key):
    source = f"{TRAINED}table = pd.DataFrame(history); copied = dict(history.items())\nprint(len({reading}), *copied)\n"
    ran = run_here(tmp_path, {"old.py": source})
    assert ran.error is None, ran.err
    assert ran.out.split()[0] == "2"
    assert set(ran.out.split()[1:]) == {key, "loss"}
    assert ((7, "'acc'") in ran.changes) == (key == "acc")


def test_a_word_that_is_only_shown_is_not_told(tmp_path):
    ran = run_here(tmp_path, {"old.py": f"{TRAINED}print(list(history), 'acc')\n"})
    assert ran.out == "['acc', 'loss'] acc\n", ran.err
    assert "'acc'" not in {old for _, old in ran.changes}
