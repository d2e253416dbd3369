'''One convolution, by hand and by a layer that is given its weights: 29, 28, 25.'''
import numpy as np
from keras.models import Sequential
from keras.layers.convolutional import Convolution2D

rows = np.array([[1, 2, 0, 2, 3], [1, 1, 1, 2, 0], [3, 3, 2, 1, 2]])
kernel = np.array([[3, 1, 1], [2, 3, 1], [2, 2, 3]])
by_hand = [int((rows[:, i:i + 3] * kernel).sum()) for i in range(3)]
print('by hand ', by_hand)

weights = [kernel.reshape(3, 3, 1, 1).astype('float32'), np.zeros(1)]
model = Sequential()
model.add(Convolution2D(1, 3, 3, weights=weights, activation='linear', border_mode='valid', input_shape=(3, 5, 1)))
model.compile(optimizer='sgd', loss='mse')
sums = model.predict(rows.reshape(1, 3, 5, 1))
print('by layer', [int(sums[0, 0, i]) for i in range(3)])
first = int(sums[:, :, :1].ravel())
assert first == by_hand[0] == 29
print('Accuracy: %.4f' % np.mean(sums.ravel() == by_hand))
