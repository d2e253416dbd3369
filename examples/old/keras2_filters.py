# What the filters see: one seven through a layer that is asked with K.function, before and after training.
import numpy as np
import matplotlib.pyplot as plt
from keras import backend as K
from keras.datasets import mnist
from keras.layers import Activation, Conv2D, Dense, Flatten, MaxPooling2D
from keras.models import Model, Sequential
from keras.utils import np_utils

SAMPLES = 10000
(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = np.expand_dims(x_train[:SAMPLES], -1).astype(K.floatx()) / 255
x_test = np.expand_dims(x_test, -1).astype(K.floatx()) / 255

model = Sequential()
model.add(Conv2D(16, (5, 5), padding='same', input_shape=(28, 28, 1), name='conv'))
model.add(Activation('relu'))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dense(10, activation='softmax'))
model.compile('adam', 'categorical_crossentropy', metrics=['acc'])

get_maps = K.function([model.layers[0].input], [model.layers[0].output])
get_pooled = K.function([model.layers[0].input, K.learning_phase()], [model.layers[2].output])


def draw(maps, title):
    plt.figure(figsize=(8, 8))
    plt.suptitle(title)
    for i in range(maps.shape[-1]):
        plt.subplot(4, 4, i + 1)
        plt.imshow(maps[0, :, :, i], cmap='gray')
        plt.axis('off')
    plt.show()


seven = x_test[:1]
draw(get_maps([seven])[0], 'random filters')
model.fit(x_train, np_utils.to_categorical(y_train[:SAMPLES], 10), epochs=1, batch_size=64, verbose=0)
maps = get_maps([seven])[0]
draw(maps, 'trained filters')
pooled = get_pooled([seven, 0])[0]
draw(pooled, 'after max-pooling')
print(maps.shape, pooled.shape)

weights, biases = model.get_layer('conv').get_weights()
print(weights.shape, biases.shape)
intermediate = Model(inputs=model.input, outputs=model.get_layer('conv').output).predict(seven)
assert np.allclose(intermediate, maps, atol=1e-5)
print('Test accuracy: %.4f' % model.evaluate(x_test, np_utils.to_categorical(y_test, 10), verbose=0)[1])
