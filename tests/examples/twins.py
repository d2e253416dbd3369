"""For each old program the same network, data and training as one writes them today, without scribal.legacy.

Random numbers are drawn in the same order, so that most twins end with the same accuracy to the last digit.
"""

from collections.abc import Callable

import keras
import whole_twins
from keras import layers, optimizers, regularizers
from twin import FLAT, SQUARE, Twin, dense, recipe, uniform

TWINS: dict[str, Callable[[], float]] = {
    "keras0_show_accuracy": Twin(
        lambda: [
            layers.Dense(64, kernel_initializer=uniform()),
            layers.Activation("tanh"),
            layers.Dropout(0.2),
            layers.Dense(10, kernel_initializer=uniform()),
            layers.Activation("softmax"),
        ],
        FLAT,
        optimizer=optimizers.RMSprop,
        fit={"epochs": 2, "batch_size": 128},
        numpy_seed=1337,
    ).accuracy,
    "keras1_convnet": Twin(
        lambda: [
            layers.Conv2D(8, 3, padding="same", kernel_initializer="he_normal", activation="relu"),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ],
        samples=12_000,
        optimizer=lambda: optimizers.Adadelta(1.0),
        fit={"batch_size": 128},
        numpy_seed=1337,
    ).accuracy,
    "keras1_functional": whole_twins.functional,
    "keras1_generator": whole_twins.shifted_and_turned,
    "keras2_augmentation": whole_twins.normalised_and_sheared,
    "keras1_mistakes": Twin(
        lambda: [layers.Dense(64, activation="relu"), layers.Dropout(0.2), layers.Dense(10, activation="softmax")],
        FLAT,
        fit={"batch_size": 128},
        numpy_seed=10,
    ).accuracy,
    "keras1_regularizers": Twin(
        lambda: [
            layers.Flatten(),
            layers.GaussianNoise(0.05),
            layers.Dense(
                64,
                kernel_initializer="he_normal",
                kernel_regularizer=regularizers.L2(1e-4),
                bias_regularizer=regularizers.L2(1e-4),
            ),
            layers.BatchNormalization(momentum=0.9),
            layers.LeakyReLU(0.1),
            layers.Dropout(0.2),
            layers.Dense(32, kernel_initializer="glorot_normal", kernel_constraint=keras.constraints.MaxNorm(3)),
            layers.ELU(),
            layers.Dense(10, kernel_initializer=uniform(), activation="softmax"),
        ],
        SQUARE,
        samples=3_000,
        optimizer=lambda: optimizers.SGD(
            optimizers.schedules.InverseTimeDecay(0.05, 1, 1e-4), momentum=0.9, nesterov=True
        ),
        fit={"batch_size": 64, "epochs": 2},
        numpy_seed=42,
    ).accuracy,
    "keras1_theano_order": Twin(
        lambda: [
            layers.Conv2D(8, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(8, 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ],
        samples=6_000,
        fit={"epochs": 2, "batch_size": 100},
        numpy_seed=7,
    ).accuracy,
    "keras2_callbacks": Twin(
        lambda: [layers.Flatten(), *dense(32, activation="relu")()],
        SQUARE,
        samples=6_000,
        fit={
            "epochs": 3,
            "batch_size": 64,
            "validation_split": 0.1,
            "callbacks": [
                keras.callbacks.LearningRateScheduler(lambda epoch: 0.001 * 0.9**epoch),
                keras.callbacks.EarlyStopping("val_accuracy", patience=3, restore_best_weights=True),
            ],
        },
    ).accuracy,
    "keras2_cross_validation": whole_twins.cross_validated,
    "keras2_dropout_cnn": Twin(
        recipe("dropout-cnn"),
        samples=6_000,
        fit={"batch_size": 300, "validation_split": 0.2},
        numpy_seed=10,
    ).accuracy,
    "keras2_filters": Twin(
        lambda: [
            layers.Conv2D(16, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        samples=10_000,
        fit={"batch_size": 64},
    ).accuracy,
    "keras2_json_weights": Twin(
        lambda: [
            layers.Dense(32, kernel_initializer=keras.initializers.RandomNormal(stddev=0.05), activation="relu"),
            layers.Dense(10, kernel_initializer=keras.initializers.RandomNormal(stddev=0.05), activation="softmax"),
        ],
        FLAT,
        fit={"batch_size": 200},
        numpy_seed=7,
    ).accuracy,
    "keras2_kaggle_table": whole_twins.table,
    "keras2_lenet": Twin(
        recipe("lenet"),
        samples=20_000,
        optimizer=lambda: optimizers.SGD(0.01),
        fit={"batch_size": 64, "epochs": 2},
    ).accuracy,
    "keras2_mlp_shifted_one": Twin(
        lambda: [layers.Flatten(), *dense(1024, activation="relu")()],
        SQUARE,
        samples=20_000,
        fit={"batch_size": 1024, "epochs": 2},
    ).accuracy,
    "keras2_notebook": Twin(
        lambda: [
            layers.Conv2D(8, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            *dense(32, activation="relu")(),
        ],
        samples=10_000,
        fit={"batch_size": 64, "epochs": 2},
    ).accuracy,
    "keras2_softmax_mlp": whole_twins.random_numbers,
    "keras2_tiny_cnn": Twin(
        recipe("tiny-cnn"),
        scale=1,
        fit={"epochs": 3},
    ).accuracy,
    "keras2_toy": whole_twins.toy,
    "keras2_two_conv": Twin(
        recipe("two-conv"),
        samples=10_000,
        scale=1,
    ).accuracy,
    "tf_convnet_adam_lr": Twin(
        lambda: [
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        samples=12_000,
        optimizer=lambda: optimizers.Adam(0.002),
        fit={"epochs": 2},
    ).accuracy,
    "tf_dataset_functional": whole_twins.residual,
    "tf_first_network": Twin(
        lambda: [
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(10, activation="softmax"),
        ],
        SQUARE,
    ).accuracy,
    "tf_input_data": whole_twins.in_batches,
    "tf_logits": Twin(
        lambda: [layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dropout(0.2), layers.Dense(10)],
        SQUARE,
        samples=12_000,
        fit={"epochs": 2},
        seed=0,
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    ).accuracy,
}
