# lenet with plain SGD, saved as .h5, loaded again, and asked for digits with predict_classes.
import keras
from keras.datasets import mnist
from keras.layers import Conv2D, MaxPool2D, Dense, Flatten
from keras.models import Sequential, load_model
from keras.optimizers import SGD

SAMPLES = 20000

(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train, y_train = x_train[:SAMPLES], y_train[:SAMPLES]
x_train = x_train.reshape(SAMPLES, 28, 28, 1).astype('float32') / 255
x_test = x_test.reshape(10000, 28, 28, 1).astype('float32') / 255
y_train = keras.utils.to_categorical(y_train, num_classes=10)
y_test = keras.utils.to_categorical(y_test, num_classes=10)

model = Sequential([
    Conv2D(filters=6, kernel_size=(3, 3), padding='same', input_shape=(28, 28, 1)),
    MaxPool2D(pool_size=2, strides=2),
    Conv2D(filters=16, kernel_size=(5, 5), padding='valid'),
    MaxPool2D(pool_size=2, strides=2),
    Flatten(),
    Dense(120),
    Dense(84),
    Dense(10, activation='softmax'),
])
model.compile(loss=keras.losses.categorical_crossentropy, optimizer=SGD(lr=0.01), metrics=['accuracy'])
model.fit(x_train, y_train, batch_size=64, epochs=2, verbose=2)
model.save('lenet.h5')
del model

model = load_model('lenet.h5')
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
classes = model.predict_classes(x_test[:10])
print('digits', list(classes))
print('Test loss: %.4f' % loss)
print('Test accuracy: %.4f' % accuracy)
