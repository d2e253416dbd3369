'''The functional API of Keras 1: Model(input=, output=), layers merged by mode; a small Inception module.'''
import numpy as np
np.random.seed(3)
from keras.datasets import mnist
from keras.layers import Input, Dense, Flatten, merge
from keras.layers.convolutional import Convolution2D
from keras.layers.pooling import MaxPooling2D, AveragePooling2D
from keras.models import Model
from keras.utils.np_utils import to_categorical
from keras.utils.visualize_util import plot

SAMPLES = 6000

(X_train, y_train), (X_test, y_test) = mnist.load_data()
X_train = X_train[:SAMPLES].reshape((-1, 28, 28, 1)) / 255.
X_test = X_test.reshape((-1, 28, 28, 1)) / 255.
Y_train, Y_test = to_categorical(y_train[:SAMPLES], 10), to_categorical(y_test, 10)

input_img = Input(shape=(28, 28, 1))
x = MaxPooling2D((2, 2), strides=(2, 2))(input_img)

tower_1 = Convolution2D(4, 1, 1, border_mode='same', activation='relu')(x)
tower_1 = Convolution2D(8, 3, 3, border_mode='same', activation='relu')(tower_1)
tower_2 = Convolution2D(4, 1, 1, border_mode='same', activation='relu')(x)
tower_2 = Convolution2D(8, 5, 5, border_mode='same', activation='relu')(tower_2)
tower_3 = MaxPooling2D((3, 3), strides=(1, 1), border_mode='same')(x)
tower_3 = Convolution2D(8, 1, 1, border_mode='same', activation='relu')(tower_3)

x = merge([tower_1, tower_2, tower_3], mode='concat', concat_axis=-1)
shortcut = Convolution2D(24, 1, 1)(x)
x = merge([x, shortcut], mode='sum')
x = AveragePooling2D((2, 2))(x)
x = Flatten()(x)
predictions = Dense(output_dim=10, activation='softmax', name='predictions')(x)

model = Model(input=input_img, output=predictions)
model.compile(optimizer='rmsprop', loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(X_train, Y_train, nb_epoch=2, batch_size=64, validation_split=0.1, verbose=2)
loss, acc = model.evaluate(X_test, Y_test, verbose=0)
print('Test accuracy: %.4f' % acc)
