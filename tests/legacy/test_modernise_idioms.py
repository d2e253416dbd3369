"""Idioms of kernels, blogs and books beside plain layers: what each of them becomes."""

from textwrap import dedent

import pytest

from scribal.legacy.modernise import modernise_source

DRAWING = "import matplotlib.pyplot as plt\nimport cv2\nimport keras\n"
TABLES = "import pandas as pd\nimport keras\n"
NETWORK = """\
import keras
from keras.layers import Dense

x = keras.Input((4,))
z = Dense(2)(x)
model = keras.Model(x, z)
"""


LINES = {
    "density of a histogram": (DRAWING, "plt.hist(x, normed=True)", "plt.hist(x, density=True)"),
    "an argument of plot that is gone": (DRAWING, "ax.plot(x, axes=ax)", "ax.plot(x)"),
    "styles": (DRAWING, "plt.style.use('seaborn-whitegrid')", "plt.style.use('seaborn-v0_8-whitegrid')"),
    "axes in space": (DRAWING, "ax = fig.gca(projection='3d')", "ax = fig.add_subplot(projection='3d')"),
    "contours of OpenCV 3": (DRAWING, "_, c, h = cv2.findContours(x, 1, 2)", "c, h = cv2.findContours(x, 1, 2)"),
    "counts": ("import seaborn as sns\n", "sns.countplot(y)", "sns.countplot(x=y)"),
    "tables as arrays": (TABLES, "x = table.as_matrix()", "x = table.values"),
    "places of a table": (TABLES, "x = table.ix[:, 1:]", "x = table.iloc[:, 1:]"),
    "labels of a table": (TABLES, "x = table.ix[:, 'label']", "x = table.loc[:, 'label']"),
    "a column less": (TABLES, "x = table.drop('label', 1)", "x = table.drop('label', axis=1)"),
    "indicators": (TABLES, "y = pd.get_dummies(y)", "y = pd.get_dummies(y, dtype=int)"),
    "rows of a table": (
        TABLES,
        "table = table.append(row, ignore_index=True)",
        "table = pd.concat([table, row], ignore_index=True)",
    ),
    "rows of a list": (TABLES, "found = rows.append(row)", "found = rows.append(row)"),
    "splits of known labels": (
        "from sklearn.cross_validation import StratifiedKFold\n",
        "cv = StratifiedKFold(y=y, n_folds=5, shuffle=True, random_state=3)",
        "cv = list(StratifiedKFold(n_splits=5, shuffle=True, random_state=3).split(y, y))",
    ),
    "splits of a known number": (
        "from sklearn.cross_validation import KFold\n",
        "cv = KFold(len(x), n_folds=5, random_state=3)",
        "cv = list(KFold(n_splits=5).split(range(len(x))))",
    ),
    "one weight as a number": (
        NETWORK,
        "W, b = model.layers[1].get_weights()\nfloat(W)",
        "W, b = model.layers[1].get_weights()\nfloat(W.item())",
    ),
    "shapes of tensors": (NETWORK, "z.get_shape().as_list()[1]", "list(z.shape)[1]"),
    "the input of a network's first layer": (NETWORK, "first = model.layers[0].input", "first = model.inputs[0]"),
    "one output of a network": (
        NETWORK,
        "import numpy as np\nloss = model.output[:, np.argmax(p[0])]",
        "import numpy as np\nloss = model.output[:, int(np.argmax(p[0]))]",
    ),
    "one History of several": (
        f"{NETWORK}model.compile('sgd', 'mse', metrics=['accuracy'])\n",
        "found[0].history['val_acc']",
        "found[0].history['val_accuracy']",
    ),
    "the ends of a Sequential that a function is given": (
        "import keras\nnet = keras.Sequential()\n",
        "def ends(model):\n    return model.input, model.output\nends(net)",
        "def ends(model):\n    return model.inputs[0], model.outputs[0]\nends(net)",
    ),
    "logs of a function without a name": (
        f"{NETWORK}model.compile('sgd', 'mse', metrics=['accuracy'])\n",
        "show = lambda epoch, logs: logs['acc']",
        "show = lambda epoch, logs: logs['accuracy']",
    ),
}


@pytest.mark.parametrize(("before", "old", "modern"), LINES.values(), ids=LINES)
def test_a_line_becomes(before, old, modern):
    source = modernise_source(before + old + "\n").source
    assert source.endswith(modern + "\n")
    assert modernise_source(source).source == source


# The old source, and lines that are in the modern one, in this order.
PROGRAMS = {
    "initializers of one's own": (
        """\
        from keras.initializations import normal
        from keras.layers import Dense
        Dense(4, init=lambda shape, name: normal(shape, scale=0.01, name=name))
        """,
        ["kernel_initializer=lambda shape, dtype=None: keras.initializers.RandomNormal(stddev=0.01)(shape))"],
    ),
    "an optimizer of two models": (
        """\
        from keras.optimizers import Adam
        opt = Adam(0.001)
        generator.compile(loss='mse', optimizer=opt)
        critic.compile(loss='mse', optimizer=opt)
        """,
        ["(loss='mse', optimizer=opt)", "(loss='mse', optimizer=type(opt).from_config(opt.get_config()))"],
    ),
    "halves of a GAN": (
        """\
        import keras
        discriminator = keras.Sequential()
        discriminator.compile('sgd', 'mse')
        discriminator.trainable = False
        gan = keras.Model(x, y)
        gan.compile('sgd', 'mse')
        for step in range(9):
            loss = discriminator.train_on_batch(images, labels)
            gan.train_on_batch(noise, ones)
        """,
        [
            "    discriminator.trainable = True",
            "    loss = discriminator.train_on_batch(images, labels)",
            "    discriminator.trainable = False",
            "    gan.train_on_batch(noise, ones)",
        ],
    ),
    "layers that are frozen and trained afterwards": (
        """\
        import keras
        model = keras.Sequential()
        model.trainable = False
        model.compile('sgd', loss='mse')
        model.fit(x, y, nb_epoch=1)
        """,
        ["model.compile('sgd', loss='mse')", "model.fit(x, y, epochs=1)"],
    ),
    "a loss that closes over tensors": (
        f"""{NETWORK}
def loss(y_true, y_pred):
    return y_true - y_pred + z

model.compile(optimizer="sgd", loss=loss)
model.fit(images, images)
""",
        ["model = with_loss(model, loss(model.inputs[0], model.outputs[0]))", 'model.compile(optimizer="sgd")'],
    ),
    "a layer that closes over tensors": (
        f"""{NETWORK}
class Adding(keras.layers.Layer):
    def call(self, inputs):
        self.add_loss(keras.ops.mean(z), inputs=inputs)
        return inputs

y = Adding()(x)
""",
        [
            "        inputs, self.z = inputs",
            "        self.add_loss(keras.ops.mean(self.z))",
            "y = Adding()([x, z])",
        ],
    ),
    "a tape over what a network computes on the way": (
        """\
        import tensorflow as tf
        def heat(image, place=None):
            both = tf.keras.Model(model.inputs, [model.get_layer("last").output, model.output])
            with tf.GradientTape() as tape:
                maps, answer = both(image)
                if place is None:
                    place = tf.argmax(answer[0])
                score = answer[:, place]
            return tape.gradient(score, maps)
        """,
        [
            "    maps, answer = both(image)",
            "    maps = keras.Variable(maps)",
            "    def forward(place=place):",
            "        answer = keras.Model(both.outputs[0], both.outputs[1])(maps)",
            "    return tape.gradient(0, maps)",
        ],
    ),
    "a function of the backend, without its learning phase": (
        """\
        import keras.backend as K
        from keras.models import load_model
        model = load_model("net.h5")
        f = K.function([model.input, K.learning_phase()], [model.layers[0].output])
        f([x, 0])
        """,
        ["f = network_function([model.inputs[0]], [model.layers[0].output])", "f([x])"],
    ),
    "a file named on the command line": (
        """\
        import argparse
        import keras
        parser = argparse.ArgumentParser()
        parser.add_argument("-w", "--weights", default="lenet.hdf5")
        args = vars(parser.parse_args())
        model = keras.Sequential()
        model.save_weights(args["weights"], overwrite=True)
        """,
        ['parser.add_argument("-w", "--weights", default="lenet.weights.h5")'],
    ),
    "a module that became one of its own": (
        "from sklearn.externals import joblib\njoblib.dump(x, 'x.pkl')\n",
        ["import joblib", "joblib.dump(x, 'x.pkl')"],
    ),
    "imports of what is gone and never used": (
        "from keras.layers import Dense, Merge\nfrom keras.utils.layer_utils import print_summary\nDense(3)\n",
        ["from keras.layers import Dense", "Dense(3)"],
    ),
}


@pytest.mark.parametrize(("old", "lines"), PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_has_these_lines(old, lines):
    modern = modernise_source(dedent(old))
    assert not modern.remarks
    found = [line for line in modern.source.splitlines() if any(line.endswith(each) for each in lines)]
    assert len(found) == len(lines)
    assert all(line.endswith(each) for line, each in zip(found, lines, strict=True))
    assert modernise_source(modern.source).source == modern.source


def test_trainable_is_not_said_where_nothing_is_trained_in_turns():
    assert (
        modernise_source(dedent(PROGRAMS["layers that are frozen and trained afterwards"][0])).source.count("trainable")
        == 1
    )


def test_a_rate_that_is_set_is_a_plain_one_and_its_decay_is_remarked_upon():
    source = (
        "import keras.backend as K\nfrom keras.optimizers import SGD\nopt = SGD(lr=0.1, decay=1e-6, momentum=0.9)\n"
        "def schedule(epoch):\n    return K.get_value(opt.lr) * 0.5\nK.set_value(opt.lr, 0.2)\n"
    )
    modern = modernise_source(source)
    assert modern.source == (
        "from keras.optimizers import SGD\nopt = SGD(learning_rate=0.1, momentum=0.9)\n"
        "def schedule(epoch):\n    return float(opt.learning_rate) * 0.5\nopt.learning_rate.assign(0.2)\n"
    )
    assert [remark.line for remark in modern.remarks] == [3]


def test_a_callback_is_given_the_validation_data_that_it_reads():
    source = (
        "from keras.callbacks import Callback\nclass Scores(Callback):\n    def on_epoch_end(self, epoch, logs):\n"
        "        print(self.validation_data[0])\nscores = Scores()\n{}model.fit(x, y, {}callbacks=[scores])\n"
    )
    old, modern = (
        source.format(line, "validation_data=(a, b), ") for line in ("", "scores.validation_data = (a, b)\n")
    )
    assert modernise_source(old).source == modern
    assert not modernise_source(old).remarks
    assert modernise_source(modern).source == modern
    assert [remark.line for remark in modernise_source(source.format("", "")).remarks] == [2]
