# two-conv: two convolutions one after the other on raw pixels; probabilities and labels side by side.
import matplotlib.pyplot as plt
from keras.datasets import mnist
from keras.utils import to_categorical
from keras.models import Sequential
from keras.layers import Dense, Conv2D, Flatten

SAMPLES = 10000

(X_train, y_train), (X_test, y_test) = mnist.load_data()
plt.imshow(X_train[0])
print(X_train[0].shape)
X_train = X_train[:SAMPLES].reshape(SAMPLES, 28, 28, 1)
X_test = X_test.reshape(10000, 28, 28, 1)
y_train = to_categorical(y_train[:SAMPLES])
y_test = to_categorical(y_test)
print(y_train[0])

model = Sequential()
model.add(Conv2D(16, kernel_size=3, activation='relu', input_shape=(28, 28, 1)))
model.add(Conv2D(8, kernel_size=3, activation='relu'))
model.add(Flatten())
model.add(Dense(10, activation='softmax'))
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
hist = model.fit(X_train, y_train, validation_data=(X_test, y_test), epochs=1)
print(hist.history)

print(model.predict(X_test[:4]))
print(y_test[:4])
model.save_weights('two_conv')
model.load_weights('two_conv')
print('Test accuracy: %.4f' % hist.history['val_acc'][-1])
