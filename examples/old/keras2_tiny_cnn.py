# tiny-cnn on raw pixels, layer by layer from the module paths of Keras 2.0, with scikit-learn's one-hot labels.
import numpy as np
from keras.datasets import mnist
from keras.models import Sequential
from keras.layers.core import Dense, Flatten, Activation
from keras.layers.convolutional import Conv2D
from keras.layers.pooling import MaxPooling2D
from sklearn.preprocessing import OneHotEncoder

(train_images, train_labels), (test_images, test_labels) = mnist.load_data()
train_images = train_images.reshape(train_images.shape[0], 28, 28, 1)
test_images = test_images.reshape(test_images.shape[0], 28, 28, 1)
encoder = OneHotEncoder(sparse=False, categories='auto')
train_one_hot = encoder.fit_transform(train_labels.reshape(-1, 1))
test_one_hot = encoder.transform(test_labels.reshape(-1, 1))

model = Sequential()
model.add(Conv2D(3, kernel_size=3, input_shape=(28, 28, 1)))
model.add(Activation('relu'))
model.add(MaxPooling2D(2))
model.add(Flatten())
model.add(Dense(units=10))
model.add(Activation('softmax'))
model.summary()

model.compile('adam', loss='categorical_crossentropy', metrics=['acc'])
history = model.fit(train_images, train_one_hot, epochs=3, batch_size=32, verbose=2,
                    validation_data=[test_images, test_one_hot])
print([round(value, 2) for value in history.history['val_acc']])

predictions = model.predict(test_images[:4])
print('predicted', np.argmax(predictions, axis=1), 'labels', test_labels[:4])
print('Test accuracy: %.4f' % history.history['val_acc'][-1])
