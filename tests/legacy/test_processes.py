"""Networks that scikit-learn would train in processes of its own are trained here, where old code is known."""

import pytest
from old_program import run_here

START = """
import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from keras.models import Sequential
from keras.layers import Dense
from keras.wrappers.scikit_learn import KerasClassifier
def build(init="uniform"):
    model = Sequential([Dense(1, input_dim=2, init=init, activation="sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    return model
network = KerasClassifier(build, nb_epoch=1, verbose=0)
X, y = np.random.RandomState(0).rand(8, 2), np.arange(8) % 2
"""


@pytest.mark.parametrize(
    ("statement", "is_network"),
    [
        ("GridSearchCV(network, {'init': ['zero']}, cv=2, n_jobs=-1).fit(X, y)", True),
        ("cross_val_score(make_pipeline(StandardScaler(), network), X, y, cv=2, n_jobs=2)", True),
        ("cross_val_score(network, X, y, cv=2, n_jobs=1)", False),
        ("cross_val_score(DummyClassifier(), X, y, cv=2, n_jobs=1)", False),
    ],
)
def test_networks_are_trained_in_this_process(tmp_path, statement, is_network):
    ran = run_here(tmp_path, {"old.py": START + statement})
    assert ran.error is None, ran.err
    assert any(old.startswith("n_jobs=") for _, old in ran.changes) == is_network
    assert sum(often for run, often in ran.journal.runs.items() if run.call == "fit") >= 2 * ("network" in statement)
