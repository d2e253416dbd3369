"""Old source and the modern source that is made of it; what is modern already stays byte for byte."""

import itertools
from pathlib import Path
from textwrap import dedent

import pytest

from scribal.exceptions import ArgumentError
from scribal.legacy.modernise import modernise_source

OLD_SCRIPTS = sorted((Path(__file__).parent.parent.parent / "examples" / "old").glob("*.py"))
SEQUENTIAL = "from keras import Input\nfrom keras.layers import Dense\nfrom keras.models import Sequential\n"
MODEL = f"{SEQUENTIAL}model = Sequential([Input((4,)), Dense(3, activation='softmax')])\n"
INNER_LOSS = """\
from keras import Input, Model
from keras.layers import Dense

x = Input((4,))
z = Dense(2)(x)
model = Model(x, z)
def loss(y_true, y_pred):
    return y_true - y_pred + z

model.compile(loss=loss, optimizer="sgd")
model.fit(noisy, clean)
"""

# ruff: noqa: ISC004  a pair is two sources, and what is longer than a line is still one
PAIRS = {
    "modules that are gone": (
        "from keras.layers.core import Dense, Dropout  # dense\nDense(3), Dropout(0.5)\n",
        "from keras.layers import Dense, Dropout  # dense\nDense(3), Dropout(0.5)\n",
    ),
    "imports that come to name one module are merged": (
        "from keras.layers.core import Dense\nfrom keras.layers.pooling import MaxPool2D\nDense(3), MaxPool2D()\n",
        "from keras.layers import Dense, MaxPool2D\nDense(3), MaxPool2D()\n",
    ),
    "functions that one expression stands for": (
        "from keras import backend as K\nfrom keras.engine.training import slice_X\n"
        "from keras.utils.np_utils import probas_to_classes\nfrom keras.utils import multi_gpu_model\n"
        "x = slice_X(x, 5)\ny = K.map_fn(f, elems=x)\nc = probas_to_classes(p)\nm = multi_gpu_model(m, gpus=2)\n",
        "import numpy as np\nfrom keras import ops\n"
        "x = x[5:None]\ny = ops.vectorized_map(f, x)\nc = np.argmax(p, axis=1)\nm = m\n",
    ),
    "names of Python 2": (
        "from keras.layers import Dense\nfor i in xrange(3):\n    unicode(i)\n",
        "from keras.layers import Dense\nfor i in range(3):\n    str(i)\n",
    ),
    "np_utils": (
        "from keras.utils import np_utils\ny = np_utils.to_categorical(y, 10)\n",
        "from keras.utils import to_categorical\ny = to_categorical(y, 10)\n",
    ),
    "an import that was never used stays, unless its module is gone": (
        "import os\nfrom keras.layers import Dense\nfrom keras.utils import np_utils\n",
        "import os\nfrom keras.layers import Dense\n",
    ),
    "an alias of the user's": (
        "import tensorflow as tf\nlayers = tf.keras.layers\nlayers.Dense(3)\n",
        "import keras\nlayers = keras.layers\nlayers.Dense(3)\n",
    ),
    "tf.keras by its long name": (
        "import tensorflow as tf\nmodel = tf.keras.models.Sequential([tf.keras.layers.Dense(3)])\n",
        "import keras\nmodel = keras.models.Sequential([keras.layers.Dense(3)])\n",
    ),
    "names and types of TensorFlow": (
        "import tensorflow as tf\ntf.random.set_seed(1)\nx = tf.cast(tf.reduce_mean(y), tf.float32)\n",
        'import keras\nkeras.utils.set_random_seed(1)\nx = keras.ops.cast(keras.ops.mean(y), "float32")\n',
    ),
    "everything by a star": (
        "from keras.layers import *\nConvolution2D(8, 3, 3)\n",
        "from keras.layers import *\nConv2D(8, (3, 3))\n",
    ),
    "arguments in their places, on their lines": (
        """\
        from keras.layers import Convolution2D
        layer = Convolution2D(32, 3, 3,
                              border_mode='same',  # keeps the size
                              init="he_normal")  # a layer
        """,
        """\
        from keras.layers import Conv2D
        layer = Conv2D(32, (3, 3),
                              padding='same',  # keeps the size
                              kernel_initializer="he_normal")  # a layer
        """,
    ),
    "the input of a Sequential that layers are added to": (
        """\
        from keras.models import Sequential
        from keras.layers import Dense
        def build():
            model = Sequential()
            # the first
            model.add(Dense(8, input_dim=4))  # hidden
            model.add(Dense(1, input_dim=8))
            return model
        """,
        """\
        from keras import Input
        from keras.models import Sequential
        from keras.layers import Dense
        def build():
            model = Sequential()
            # the first
            model.add(Input((4,)))
            model.add(Dense(8))  # hidden
            model.add(Dense(1))
            return model
        """,
    ),
    "the input in either branch": (
        """\
        import keras
        model = keras.Sequential()
        if flat:
            model.add(keras.layers.Dense(8, input_shape=(4,)))
        else:
            model.add(keras.layers.Flatten(input_shape=(2, 2)))
        """,
        """\
        import keras
        model = keras.Sequential()
        if flat:
            model.add(keras.Input((4,)))
            model.add(keras.layers.Dense(8))
        else:
            model.add(keras.Input((2, 2)))
            model.add(keras.layers.Flatten())
        """,
    ),
    "the input in a list": (
        "import keras\nm = keras.Sequential([\n    keras.layers.Flatten(input_shape=(2, 2)),\n])\n",
        "import keras\nm = keras.Sequential([\n    keras.Input((2, 2)),\n    keras.layers.Flatten(),\n])\n",
    ),
    "arguments that are layers of their own": (
        """\
        from keras.models import Sequential
        from keras.layers import Convolution2D, Embedding, Flatten
        net = Sequential()
        net.add(Convolution2D(8, 3, 3, border_mode='full', input_shape=(9, 9, 1)))  # larger
        words = Sequential([
            Embedding(99, 8, dropout=0.2, input_length=5),  # words
            Flatten(),
        ])
        y = Embedding(99, 8, dropout=0.2)(x)
        """,
        """\
        from keras.layers import ZeroPadding2D, Dropout, Conv2D, Embedding, Flatten
        from keras import Input
        from keras.models import Sequential
        net = Sequential()
        net.add(Input((9, 9, 1)))
        net.add(ZeroPadding2D((2, 2)))
        net.add(Conv2D(8, (3, 3)))  # larger
        words = Sequential([
            Input((5,)),
            Embedding(99, 8),  # words
            Dropout(0.2, noise_shape=(None, None, 1)),
            Flatten(),
        ])
        y = Dropout(0.2, noise_shape=(None, None, 1))(Embedding(99, 8)(x))
        """,
    ),
    "decay and lr": (
        "import keras\nsgd = keras.optimizers.SGD(lr=0.1, decay=1e-6, momentum=0.9)\n",
        "import keras\nsgd = keras.optimizers.SGD("
        "learning_rate=keras.optimizers.schedules.InverseTimeDecay(0.1, 1, 1e-6), momentum=0.9)\n",
    ),
    "acc, with the keys of the record": (
        f"{MODEL}model.compile('sgd', 'mse', metrics=['acc'])\nh = model.fit(x, y, validation_data=[x, y])\n"
        "h.history['acc'], h.history['val_acc'], other['acc']\n",
        f"{MODEL}model.compile('sgd', 'mse', metrics=[\"accuracy\"])\nh = model.fit(x, y, validation_data=(x, y))\n"
        "h.history['accuracy'], h.history['val_accuracy'], other['acc']\n",
    ),
    "acc of one output of several": (
        """\
        from keras import Input, Model
        from keras.callbacks import EarlyStopping, ModelCheckpoint
        from keras.layers import Dense
        from metrics import my_acc, odd_acc
        x = Input((4,))
        h = Dense(3, name='digit')(x)
        model = Model(x, [h, Dense(1, name='odd')(x)])
        model.compile('sgd', {'digit': 'mse', 'odd': 'mse'}, metrics={'digit': ['acc', odd_acc], 'odd': 'mse'})
        best = ModelCheckpoint('w-{val_digit_acc:.2f}.h5', monitor='val_digit_acc')
        watched = 'digit_acc'
        h = model.fit(x, y, callbacks=[best, EarlyStopping(watched)])
        h.history['val_digit_acc'], h.history['odd_mean_squared_error'], h.history['my_acc']
        """,
        """\
        from keras import Input, Model
        from keras.callbacks import EarlyStopping, ModelCheckpoint
        from keras.layers import Dense
        from metrics import my_acc, odd_acc
        x = Input((4,))
        h = Dense(3, name='digit')(x)
        model = Model(x, [h, Dense(1, name='odd')(x)])
        model.compile('sgd', {'digit': 'mse', 'odd': 'mse'}, metrics={"digit": ["accuracy", odd_acc], "odd": 'mse'})
        best = ModelCheckpoint('w-{val_digit_accuracy:.2f}.h5', monitor='val_digit_accuracy')
        watched = 'digit_accuracy'
        h = model.fit(x, y, callbacks=[best, EarlyStopping(watched)])
        h.history['val_digit_accuracy'], h.history['odd_mse'], h.history['my_acc']
        """,
    ),
    "layers by the names that Keras 1 and 2 gave them": (
        f"{MODEL}model.add(Dense(2, input_dim=3))\nname = 'maxpooling2d_2'\n"
        "model.get_layer('dense_1'), model.get_layer(name), model.get_layer('own_1'), print('dense_1')\n"
        "model.fit(x, y).history['val_dense_2_loss']\n",
        f"{MODEL}model.add(Dense(2))\nname = 'max_pooling2d_1'\n"
        "model.get_layer('dense'), model.get_layer(name), model.get_layer('own_1'), print('dense_1')\n"
        "model.fit(x, y).history['val_dense_1_loss']\n",
    ),
    "layers by the names that tf.keras gave them": (
        "from tensorflow.keras.models import load_model\nnet = load_model('a.h5')\n"
        "net.get_layer('dense_1'), net.get_layer('input_1')\n",
        "from keras.models import load_model\nnet = load_model('a.h5')\n"
        "net.get_layer('dense_1'), net.get_layer('input_layer')\n",
    ),
    "the only output of a network by its name": (
        """\
        from keras.layers import Dense, Input
        from keras.models import Model
        x = Input((4,))
        net = Model(inputs=x, outputs=Dense(1, name='out')(x))
        net.compile(loss={'out': 'mse'}, metrics={'out': 'acc'}, optimizer='sgd')
        net.fit(a, {'out': b}, validation_data=(c, {'out': d}), nb_epoch=2)
        def batches():
            outputs = {'out': b}
            yield a, outputs
        """,
        """\
        from keras.layers import Dense, Input
        from keras.models import Model
        x = Input((4,))
        net = Model(inputs=x, outputs=Dense(1, name='out')(x))
        net.compile(loss='mse', metrics=["accuracy"], optimizer='sgd')
        net.fit(a, b, validation_data=(c, d), epochs=2)
        def batches():
            outputs = {'out': b}
            yield a, next(iter(outputs.values()))
        """,
    ),
    "metrics of each of several outputs": (
        "from keras.layers import AveragePooling2D\nfrom keras.models import Model\n"
        "net = Model(AveragePooling2D()(x), [a, b])\nnet.compile('sgd', 'mse', metrics=['accuracy'])\n"
        "ends = [f(i) for i in c]\nmany = Model(x, ends)\nmany.compile('sgd', 'mse', metrics=['accuracy'])\n",
        "from keras.layers import AveragePooling2D\nfrom keras.models import Model\n"
        "net = Model(AveragePooling2D(pool_size=2)(x), [a, b])\n"
        "net.compile('sgd', 'mse', metrics=[['accuracy']] * 2)\n"
        "ends = [f(i) for i in c]\nmany = Model(x, ends)\n"
        "many.compile('sgd', 'mse', metrics=[['accuracy']] * len(many.outputs))\n",
    ),
    "a callback that copies its logs": (
        """\
        import pydot
        from keras.callbacks import BaseLogger
        class Monitor(BaseLogger):
            def on_epoch_end(self, epoch, logs={}):
                for k, v in logs.items():
                    self.H[k] = self.H.get(k, []) + [v]
                print(self.H['val_acc'], self.other['acc'])
        """,
        """\
        from keras.callbacks import Callback
        class Monitor(Callback):
            def on_epoch_end(self, epoch, logs={}):
                for k, v in logs.items():
                    self.H[k] = self.H.get(k, []) + [v]
                print(self.H['val_accuracy'], self.other['acc'])
        """,
    ),
    "what a program imports for nothing, capitals, and losses that HDF5 does not bring back": (
        """\
        import tensorflow as tf
        from tensorflow import keras
        layer = keras.layers.MaxPool2D(2, padding="SAME")
        net.compile(loss="mse", optimizer="sgd")
        net.save("a.h5")
        net = keras.models.load_model("a.h5")
        """,
        """\
        import keras
        layer = keras.layers.MaxPool2D(2, padding="same")
        net.compile(loss="mean_squared_error", optimizer="sgd")
        net.save("a.h5")
        net = keras.models.load_model("a.h5")
        """,
    ),
    "functions of TensorFlow with types": (
        "import tensorflow as tf\nx = tf.random.normal(s, stddev=2.0, dtype=tf.float32)\n"
        "y = tf.add_n([x, x]) / tf.size(x)\n",
        'import keras\nx = keras.random.normal(s, mean=0.0, stddev=2.0, dtype="float32")\n'
        "y = sum([x, x]) / keras.ops.size(x)\n",
    ),
    "a model that is trained on once it was loaded": (
        f"{MODEL}model.save('a.h5')\nmodel.save('b.h5')\nimport keras\nmodel = keras.models.load_model('a.h5')\n"
        "model.fit(x, y)\n",
        f"{MODEL}model.save('a.keras')\nmodel.save('b.h5')\nimport keras\nmodel = keras.models.load_model('a.keras')\n"
        "model.fit(x, y)\n",
    ),
    "a shape in a layer of one's own": (
        "from tensorflow.keras.layers import Layer\nclass Own(Layer):\n    def compute_output_shape(self, shape):\n"
        "        return shape.as_list()[:-1] + [3]\n",
        "from keras.layers import Layer\nclass Own(Layer):\n    def compute_output_shape(self, shape):\n"
        "        return list(shape)[:-1] + [3]\n",
    ),
    "a key that is handed on": (
        f"{MODEL}h = model.fit(x)\ndef show(record, k):\n    print(record.history[k], 'acc')\nshow(h, 'acc')\n",
        f"{MODEL}h = model.fit(x)\ndef show(record, k):\n    print(record.history[k], 'acc')\nshow(h, 'accuracy')\n",
    ),
    "the old learning rate of an old program": (
        f"{MODEL}from keras.optimizers import Adadelta\nmodel.compile(Adadelta(), 'mse')\nmodel.fit(x, nb_epoch=2)\n",
        f"{MODEL}from keras.optimizers import Adadelta\nmodel.compile(Adadelta(learning_rate=1.0), 'mse')\n"
        "model.fit(x, epochs=2)\n",
    ),
    "classes of a softmax": (
        f"import numpy as np\n{MODEL}np.sum(model.predict_classes(x, verbose=0))\n",
        f"import numpy as np\n{MODEL}np.sum(np.argmax(model.predict(x, verbose=0), axis=-1))\n",
    ),
    "classes of a sigmoid": (
        f"{SEQUENTIAL}m = Sequential()\nm.add(Input((2,)))\nm.add(Dense(1, activation='sigmoid'))\n"
        "m.predict_classes(x)\n",
        f"{SEQUENTIAL}m = Sequential()\nm.add(Input((2,)))\nm.add(Dense(1, activation='sigmoid'))\n"
        '(m.predict(x) > 0.5).astype("int32")\n',
    ),
    "a number of an array of one": (
        f"{MODEL}for row in model.predict(x):\n    print(int(row), int(model.predict(x)[0]), int(x[0]))\n",
        f"{MODEL}for row in model.predict(x):\n"
        "    print(int(row.item()), int(model.predict(x)[0].item()), int(x[0]))\n",
    ),
    "a number of a part of an answer": (
        f"{MODEL}p = model.predict(x)\nint(p[:, :1].ravel()), float(p[:1, 0]), float(p[0, 0]), int(p.ravel()[0])\n",
        f"{MODEL}p = model.predict(x)\n"
        "int(p[:, :1].ravel().item()), float(p[:1, 0].item()), float(p[0, 0]), int(p.ravel()[0])\n",
    ),
    "a generator that counts samples": (
        f"{MODEL}model.fit_generator(flow(x, batch_size=32), samples_per_epoch=1000, nb_epoch=2)\n",
        f"{MODEL}model.fit(flow(x, batch_size=32), steps_per_epoch=32, epochs=2)\n",
    ),
    "files of weights": (
        f"{MODEL}path = 'net.h5'\nmodel.save_weights(path)\nmodel.load_weights('net.h5')\nmodel.save('all.h5')\n",
        f"{MODEL}path = 'net.weights.h5'\nmodel.save_weights(path)\nmodel.load_weights('net.weights.h5')\n"
        "model.save('all.h5')\n",
    ),
    "files of checkpoints": (
        """\
        import glob
        from keras.callbacks import ModelCheckpoint
        best = ModelCheckpoint('w.{epoch:02d}-{val_acc:.2f}.hdf5', monitor='val_acc')
        last = ModelCheckpoint('last_%d.h5' % run, save_weights_only=True)
        print(glob.glob('w.*.hdf5'), glob.glob('last_*.h5'), glob.glob('data/*.hdf5'), glob.glob('x.*.hdf5'))
        model.load_weights('w.03-0.97.hdf5')
        """,
        """\
        import glob
        from keras.callbacks import ModelCheckpoint
        best = ModelCheckpoint('w.{epoch:02d}-{val_accuracy:.2f}.h5', monitor="val_accuracy")
        last = ModelCheckpoint('last_%d.weights.h5' % run, save_weights_only=True)
        print(glob.glob('w.*.h5'), glob.glob('last_*.h5'), glob.glob('data/*.hdf5'), glob.glob('x.*.hdf5'))
        model.load_weights('w.03-0.97.h5')
        """,
    ),
    "tensors and their tables": (
        "import tensorflow as tf\nm = tf.math.confusion_matrix(y, tf.argmax(p, axis=1), num_classes=10)\n"
        "print(m.numpy().trace(), tf.math.confusion_matrix(labels=y, predictions=p))\n",
        "from sklearn.metrics import confusion_matrix\nfrom keras import ops\n"
        "m = confusion_matrix(y, ops.argmax(p, axis=1), labels=range(10))\n"
        "print(ops.convert_to_numpy(m).trace(), confusion_matrix(y, p))\n",
    ),
    "datasets of arrays": (
        """\
        import tensorflow as tf
        BATCH = 64
        model = tf.keras.Sequential([tf.keras.layers.Dense(3)])
        train = tf.data.Dataset.from_tensor_slices((x, y))
        test = tf.data.Dataset.from_tensor_slices((x_test, y_test)).batch(100)
        train = train.shuffle(100).batch(BATCH).prefetch(tf.data.AUTOTUNE)
        model.fit(train, epochs=2, validation_data=test)
        model.evaluate(test, verbose=0)
        model.predict(test)
        model.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(BATCH))
        """,
        """\
        import keras
        BATCH = 64
        model = keras.Sequential([keras.layers.Dense(3)])
        train = (x, y)
        test = (x_test, y_test)
        model.fit(*train, batch_size=BATCH, epochs=2, validation_data=test, validation_batch_size=100)
        model.evaluate(*test, batch_size=100, verbose=0)
        model.predict(test[0], batch_size=100)
        model.fit(x, y, batch_size=BATCH, shuffle=False)
        """,
    ),
    "the order of an image's axes": (
        "from keras import backend as K\nK.set_image_dim_ordering('th')\nfirst = K.image_dim_ordering() == 'th'\n",
        'import keras\nkeras.config.set_image_data_format("channels_first")\n'
        'first = keras.config.image_data_format() == "channels_first"\n',
    ),
    "functions of the backend": (
        "from keras import backend as K\nloss = K.mean(K.square(a - b), axis=-1) + K.epsilon()\n",
        "import keras\nloss = keras.ops.mean(keras.ops.square(a - b), axis=-1) + keras.config.epsilon()\n",
    ),
    "sessions and log levels": (
        "import tensorflow as tf\n# quiet\ntf.logging.set_verbosity(tf.logging.ERROR)\nconfig = tf.ConfigProto()\n"
        "config.gpu_options.allow_growth = True\nsess = tf.Session(config=config)\nprint(tf.__version__)\n",
        "import keras\n# quiet\nprint(keras.__version__)\n",
    ),
    "pictures made anew": (
        "from keras.preprocessing.image import ImageDataGenerator\nImageDataGenerator(rotation_range=5)\n",
        "from keras.src.legacy.preprocessing.image import ImageDataGenerator\nImageDataGenerator(rotation_range=5)\n",
    ),
    "other libraries": (
        "from sklearn.preprocessing import OneHotEncoder\nfrom sklearn.cross_validation import train_test_split\n"
        "import numpy as np\nOneHotEncoder(sparse=False), train_test_split(x.astype(np.int))\n",
        "from sklearn.preprocessing import OneHotEncoder\nfrom sklearn.model_selection import train_test_split\n"
        "OneHotEncoder(sparse_output=False), train_test_split(x.astype(int))\n",
    ),
    "a strategy for several devices": (
        "import tensorflow as tf\nstrategy = tf.distribute.MirroredStrategy()\nprint(strategy.num_replicas_in_sync)\n"
        "with strategy.scope():\n    # the network\n    model = tf.keras.Sequential()\n",
        "import keras\nprint(1)\n# the network\nmodel = keras.Sequential()\n",
    ),
    "what needs another library": (
        "from tensorflow.keras.callbacks import TensorBoard\nfrom tensorflow.keras.utils import plot_model\n"
        "board = TensorBoard(log_dir='logs', write_graph=True)\n# a picture\nplot_model(model, 'a.png')\n",
        "from shutil import which\nfrom importlib.util import find_spec\nimport keras\n"
        "from keras.utils import plot_model\n"
        'board = keras.callbacks.CSVLogger("training_log.csv")\n# a picture\n'
        'if find_spec("pydot") and which("dot"):\n    plot_model(model, \'a.png\')\n',
    ),
    "a product of NumPy's as a number of outputs": (
        "import numpy as np\nfrom keras.layers import Dense\nDense(np.prod(shape), init='uniform')\n",
        "import numpy as np\nfrom keras.layers import Dense\n"
        "Dense(int(np.prod(shape)), kernel_initializer='uniform')\n",
    ),
    "a metric of labels that are a row": (
        "import tensorflow as tf\nmodel = tf.keras.Sequential()\nmodel.compile(metrics=['acc', 'bce'])\n",
        "import keras\nmodel = keras.Sequential()\n"
        'model.compile(metrics=["accuracy", keras.losses.BinaryCrossentropy(name="bce")])\n',
    ),
    "random numbers in a layer": (
        "import tensorflow as tf\nfrom tensorflow.keras import layers\nclass Noise(layers.Layer):\n"
        "    def call(self, x):\n        return x + tf.random.normal(tf.shape(x))\nlayers.Lambda(draw)\n",
        "import keras\nfrom keras import layers\nclass Noise(layers.Layer):\n    def __init__(self, **kwargs):\n"
        "        super().__init__(**kwargs)\n        self.seed_generator = keras.random.SeedGenerator()\n\n"
        "    def call(self, x):\n        return x + keras.random.normal("
        "keras.ops.shape(x), mean=0.0, stddev=1.0, seed=self.seed_generator)\nlayers.Lambda(draw)\n",
    ),
    "random numbers in a function of a layer's": (
        "from keras import backend as K\nfrom keras.layers import Lambda\ndef draw(x):\n"
        "    return K.random_uniform((2,))\nLambda(draw, output_shape=(2,))\n",
        "import keras\nfrom keras.layers import Lambda\ndef draw(x, seed=None):\n"
        "    return keras.random.uniform((2,), minval=0.0, maxval=1.0, seed=seed)\n"
        'Lambda(draw, output_shape=(2,), arguments={"seed": keras.random.SeedGenerator()})\n',
    ),
    "a metric that gives a variable": (
        "import tensorflow as tf\nclass Count(tf.keras.metrics.Metric):\n    def result(self):\n"
        "        return self.total\n    def reset_states(self):\n        self.total.assign(0.0)\n",
        "import keras\nclass Count(keras.metrics.Metric):\n    def result(self):\n"
        "        return keras.ops.convert_to_tensor(self.total)\n"
        "    def reset_state(self):\n        self.total.assign(0.0)\n",
    ),
    "folders of TensorFlow's files": (
        f"{MODEL}model.save_weights('weights/first')\nmodel.save_weights('second')\n",
        f"from pathlib import Path\n{MODEL}Path('weights/first').parent.mkdir(parents=True, exist_ok=True)\n"
        "model.save_weights('weights/first.weights.h5')\nmodel.save_weights('second.weights.h5')\n",
    ),
    "functions of TensorFlow with other arguments": (
        "import tensorflow as tf\nx = tf.image.grayscale_to_rgb(tf.expand_dims(x, axis=3, name='x'))\n"
        "tf.reshape(tensor=x, shape=(-1, 2)), tf.pad(x, p, mode='CONSTANT'), tf.nn.bias_add(x, b), tf.gather(x, i)\n",
        "from keras import ops\nx = ops.repeat(ops.expand_dims(x, axis=3), 3, axis=-1)\n"
        'ops.reshape(x=x, newshape=(-1, 2)), ops.pad(x, p, mode="constant"), ops.add(x, b), ops.take(x, i, axis=0)\n',
    ),
    "attributes of layers and optimizers": (
        f"{MODEL}model.optimizer.lr = 0.1\nprint(model.layers[0].output_shape, model.input)\n",
        f"{MODEL}model.optimizer.learning_rate = 0.1\nprint(model.layers[0].output.shape, model.inputs[0])\n",
    ),
}
MODERN = {
    "the user's own names": "def acc(K, tf):\n    return K.sum(tf.keras), {'acc': 1}['acc']\nnp_utils = acc\n",
    "strings and comments": "# from keras.utils import np_utils\ntext = 'Convolution2D(nb_filter=3)'\n",
    "a program for Keras 3": f"{MODEL}model.compile('adam', 'mse', metrics=['accuracy'])\nmodel.fit(x, y)\n",
    "an optimizer's own learning rate": "import keras\nkeras.optimizers.Adadelta()\n",
    "methods of others": "forest = Forest()\nforest.predict_proba(x)\nforest.save('x')\nforest.fit(x, y)\n",
    "carriage returns and tabs": "if x:\r\n\tprint(  1 )\r\n",
    "numbers of arrays that have them": f"import numpy as np\n{MODEL}int(np.argmax(model.predict(x), axis=1)[0])\n",
    "weights that are no file of the program's": (
        "from keras.applications import VGG16\ndef build(weights='imagenet'):\n    model = VGG16(weights=None)\n"
        "    model.load_weights(weights)\n"
    ),
    "an alias of another library's": "from os import path\njoin = path.join\npath.join = join\njoin('a')\n",
    "nothing": "",
}


@pytest.mark.parametrize("name", PAIRS)
def test_old_source_becomes(name):
    old, modern = map(dedent, PAIRS[name])
    assert modernise_source(old).source == modern


@pytest.mark.parametrize("name", PAIRS)
def test_modernised_twice_is_modernised_once(name):
    once = modernise_source(dedent(PAIRS[name][0])).source
    assert modernise_source(once).source == once


@pytest.mark.parametrize("source", MODERN.values(), ids=MODERN)
def test_what_is_modern_or_not_keras_stays(source):
    modern = modernise_source(source)
    assert modern.source == source
    assert modern.remarks == ()


def test_estimators_of_scikit_learn_are_written_out_below_the_imports():
    source = dedent("""\
        from keras.wrappers.scikit_learn import KerasRegressor as Regressor
        from sklearn.model_selection import GridSearchCV

        # A grid
        grid = GridSearchCV(Regressor(build_fn=build, nb_epoch=5), {'nb_epoch': [1, 2]}, dict(line__nb_epoch=3))
        """)
    modern = modernise_source(source)
    assert modern.remarks == ()
    top, _, rest = modern.source.partition("\n\nclass KerasEstimator(BaseEstimator):\n")
    assert top.splitlines()[0] == "from sklearn.model_selection import GridSearchCV"
    assert "from sklearn.base import BaseEstimator, RegressorMixin" in top.splitlines()
    assert "\n\n\nclass KerasRegressor(RegressorMixin, KerasEstimator):\n" in rest
    assert "KerasClassifier" not in rest
    assert rest.partition("\n\n\n# A grid\n")[2] == (
        "grid = GridSearchCV(KerasRegressor(build_fn=build, epochs=5), {'epochs': [1, 2]}, dict(line__epochs=3))\n"
    )


@pytest.mark.parametrize(
    "use",
    [
        "for images, labels in data: pass",
        "model.fit(data, steps_per_epoch=3)",
        "model.fit(data.repeat(), epochs=2)",
        "print(data)",
    ],
)
def test_a_dataset_that_is_more_than_arrays_is_a_class_of_the_programs_own(use):
    source = (
        "import tensorflow as tf\nimport keras\nmodel = keras.Sequential()\n"
        f"data = tf.data.Dataset.from_tensor_slices((x, y)).batch(32)\n{use}\n"
    )
    modern = modernise_source(source)
    assert "class Dataset(keras.utils.PyDataset):" in modern.source
    assert modern.source.endswith(f"data = Dataset.from_tensor_slices((x, y)).batch(32)\n{use}\n")
    assert not modern.remarks


@pytest.mark.parametrize("script", OLD_SCRIPTS, ids=lambda path: path.name)
def test_old_examples_keep_their_comments_and_change_once(script):
    old = script.read_text(encoding="utf-8")
    once = modernise_source(old).source
    assert sorted(comments(once)) == sorted(comments(old))
    assert modernise_source(once).source == once


def comments(source):
    import io
    import tokenize

    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("import tensorflow as tf\n\nwith tf.GradientTape() as tape:\n    pass\n", 3, "compile() and fit()"),
        (INNER_LOSS, 10, "in a layer"),
        ("import tensorflow_datasets as tfds\ndata = tfds.builder('mnist')\n", 2, "keras.datasets"),
        ("from keras.layers import SReLU as Rectifier\nRectifier()\n", 1, "keras.layers.PReLU"),
        (f"{MODEL}\nmodel.save_weights(name())\n", 6, ".weights.h5"),
        ("from keras.layers import BatchNormalization\n\nBatchNormalization(mode=1)\n", 3, "LayerNormalization"),
    ],
)
def test_what_has_no_modern_form_is_named_with_its_line(source, line, words):
    remarks = modernise_source(source).remarks
    assert [remark.line for remark in remarks] == [line]
    assert words in str(remarks[0])


@pytest.mark.parametrize("source", ["print 'hello'\n", "def f(:\n", "if x:\npass\n"])
def test_a_syntax_error_says_its_line(source):
    with pytest.raises(ArgumentError, match=r"line \d"):
        modernise_source(source)


def test_all_pairs_in_one_program_are_as_they_are_alone():
    """Passes do not depend on what else a program holds."""
    alone = [modernise_source(dedent(PAIRS[name][0])).source for name in ("np_utils", "decay and lr")]
    together = modernise_source("".join(dedent(PAIRS[name][0]) for name in ("np_utils", "decay and lr"))).source
    assert set(together.splitlines()) == set(itertools.chain(*(each.splitlines() for each in alone)))
