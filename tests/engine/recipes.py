"""The tutorials' networks, in Keras."""

from keras import layers


def tiny_cnn():
    return (28, 28, 1), [
        layers.Conv2D(3, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]


def mlp():
    return (28, 28, 1), [
        layers.Flatten(),
        layers.Dense(1024, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]


def two_conv():
    return (28, 28, 1), [
        layers.Conv2D(16, 3, activation="relu"),
        layers.Conv2D(8, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]


def lenet():
    return (28, 28, 1), [
        layers.Conv2D(6, 3, padding="same"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 5),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(120),
        layers.Dense(84),
        layers.Dense(10, activation="softmax"),
    ]


def dropout_cnn(rate=1.0):
    return (28, 28, 1), [
        layers.Conv2D(16, 5, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(36, 5, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Dropout(0.25 * rate),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.5 * rate),
        layers.Dense(10, activation="softmax"),
    ]


def dropout_cnn_without_dropout():
    return dropout_cnn(rate=0.0)


def toy_mlp():
    return (3,), [
        layers.Dense(5, activation="relu"),
        layers.Dense(4, activation="relu"),
        layers.Dense(1, activation="sigmoid"),
    ]


def softmax_mlp():
    return (100,), [
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]


def keras_example():
    return (28, 28, 1), [
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ]
