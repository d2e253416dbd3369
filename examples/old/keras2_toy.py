# toy-mlp: four samples, 20,000 epochs, labels of shape (n,) against outputs of shape (n, 1).
from keras.models import Sequential
from keras.layers import Dense
import numpy as np

x = np.array([[0, 1, 0], [0, 0, 1], [1, 3, 2], [3, 2, 1]])
y = np.array([0, 0, 1, 1]).T

simple_model = Sequential()
simple_model.add(Dense(5, input_dim=x.shape[1], activation='relu', kernel_initializer='random_uniform'))
simple_model.add(Dense(4, activation='relu'))
simple_model.add(Dense(1, activation='sigmoid'))
simple_model.compile(optimizer='sgd', loss='mean_squared_error')
simple_model.fit(x, y, epochs=20000, verbose=0)

first = simple_model.predict(x[0:1])
print('the first sample: %.3f' % float(first))
answers = simple_model.predict(x) > 0.5
print('Accuracy: %.4f' % np.mean(answers.ravel() == y))
