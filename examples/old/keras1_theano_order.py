'''A convolutional network in Theano's order of axes: channels before rows and columns, set for the whole program.'''
import numpy as np
from keras import backend as K
K.set_image_dim_ordering('th')

from keras.datasets import mnist
from keras.models import Sequential
from keras.layers import Dense, Dropout, Flatten
from keras.layers.convolutional import Convolution2D, MaxPooling2D
from keras.utils import np_utils

seed = 7
np.random.seed(seed)
SAMPLES = 6000

(X_train, y_train), (X_test, y_test) = mnist.load_data()
X_train, y_train = X_train[:SAMPLES], y_train[:SAMPLES]
# samples, channels, rows, columns
X_train = X_train.reshape(X_train.shape[0], 1, 28, 28).astype('float32') / 255
X_test = X_test.reshape(X_test.shape[0], 1, 28, 28).astype('float32') / 255
y_train = np_utils.to_categorical(y_train)
y_test = np_utils.to_categorical(y_test)
num_classes = y_test.shape[1]


def baseline_model():
    model = Sequential()
    model.add(Convolution2D(8, 5, 5, border_mode='valid', input_shape=(1, 28, 28), activation='relu'))
    model.add(MaxPooling2D(pool_size=(2, 2)))
    model.add(Convolution2D(8, 3, 3, subsample=(2, 2), activation='relu'))
    model.add(Flatten())
    model.add(Dense(32, activation='relu'))
    model.add(Dense(num_classes, activation='softmax'))
    model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
    return model


model = baseline_model()
assert model.layers[0].output_shape == (None, 8, 24, 24)
model.fit(X_train, y_train, validation_data=(X_test, y_test), nb_epoch=2, batch_size=100, verbose=2)
scores = model.evaluate(X_test, y_test, verbose=0)
print("CNN Error: %.2f%%" % (100 - scores[1] * 100))
print("Test accuracy: %.4f" % scores[1])
