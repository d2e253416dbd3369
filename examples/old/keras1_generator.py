'''Images made anew for each batch, counted in samples: ImageDataGenerator and fit_generator of Keras 1.'''
import numpy as np
from keras.datasets import mnist
from keras.models import Sequential
from keras.layers.core import Dense, Flatten
from keras.layers.convolutional import Convolution2D, MaxPooling2D
from keras.preprocessing.image import ImageDataGenerator
from keras.utils import np_utils

np.random.seed(0)
SAMPLES = 3200

(X_train, y_train), (X_test, y_test) = mnist.load_data()
X_train = X_train[:SAMPLES].reshape(-1, 28, 28, 1).astype('float32') / 255
X_test = X_test[:1000].reshape(-1, 28, 28, 1).astype('float32') / 255
Y_train = np_utils.to_categorical(y_train[:SAMPLES], 10)
Y_test = np_utils.to_categorical(y_test[:1000], 10)

datagen = ImageDataGenerator(rotation_range=10, width_shift_range=0.1, height_shift_range=0.1, zoom_range=0.1)
datagen.fit(X_train)

model = Sequential()
model.add(Convolution2D(nb_filter=8, nb_row=5, nb_col=5, border_mode='same', activation='relu',
                        input_shape=(28, 28, 1)))
model.add(MaxPooling2D(pool_size=(4, 4)))
model.add(Flatten())
model.add(Dense(10, activation='softmax'))
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])

history = model.fit_generator(datagen.flow(X_train, Y_train, batch_size=32),
                              samples_per_epoch=X_train.shape[0], nb_epoch=2,
                              validation_data=(X_test, Y_test), verbose=2)
print(sorted(history.history.keys()))
print('Validation accuracy after each epoch:', history.history['val_acc'])
score = model.evaluate(X_test, Y_test, verbose=0)
print('Test accuracy: %.4f' % score[1])
