'''Everything around a dense layer in Keras 1: regularizers and constraints by W_ and b_, normalization, leaky units, noise.'''
from keras.datasets import mnist
from keras.models import Sequential
from keras.layers.core import Dense, Activation, Dropout, Reshape, Flatten
from keras.layers.normalization import BatchNormalization
from keras.layers.advanced_activations import LeakyReLU, ELU
from keras.layers.noise import GaussianNoise
from keras.regularizers import l2, activity_l2
from keras.constraints import maxnorm
from keras.optimizers import SGD
from keras.utils.np_utils import to_categorical
import numpy
numpy.random.seed(42)

SAMPLES = 3000

(X_train, y_train), (X_test, y_test) = mnist.load_data()
X_train = X_train.astype('float32')[:SAMPLES] / 255.0
X_test = X_test.astype('float32') / 255.0
Y_train = to_categorical(y_train[:SAMPLES], nb_classes=10)
Y_test = to_categorical(y_test, nb_classes=10)

model = Sequential([
    Flatten(input_shape=(28, 28)),
    GaussianNoise(sigma=0.05),
    Dense(64, init='he_normal', W_regularizer=l2(0.0001), b_regularizer=l2(0.0001)),
    BatchNormalization(mode=0, axis=-1, momentum=0.9),
    LeakyReLU(alpha=0.1),
    Dropout(p=0.2),
    Dense(32, init='glorot_normal', W_constraint=maxnorm(3), bias=True),
    ELU(alpha=1.0),
    Dense(10, init='uniform', activation='softmax'),
])
sgd = SGD(lr=0.05, decay=1e-4, momentum=0.9, nesterov=True)
model.compile(loss='categorical_crossentropy', optimizer=sgd, metrics=['accuracy'])
model.fit(X_train, Y_train, batch_size=64, nb_epoch=2, verbose=2)
print('\nTest accuracy: %.4f' % model.evaluate(X_test, Y_test, verbose=0)[1])
